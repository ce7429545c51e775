import type { Contestant } from './contestant.ts';
import { awsJwtVerify } from './contestants/aws-jwt-verify.ts';
import { expressOauth2JwtBearer } from './contestants/express-oauth2-jwt-bearer.ts';
import { fastJwt } from './contestants/fast-jwt.ts';
import { jose } from './contestants/jose.ts';
import { jsonwebtoken } from './contestants/jsonwebtoken.ts';
import { sallyport } from './contestants/sallyport.ts';
import type { Algorithm } from './issuer.ts';

/** Everybody who takes part, in the order of the tables. */
export const contestants: readonly Contestant[] = [
  sallyport,
  fastJwt,
  awsJwtVerify,
  jose,
  jsonwebtoken,
  expressOauth2JwtBearer,
];

export function contestantsFor(algorithm: Algorithm): readonly Contestant[] {
  return contestants.filter(({ algorithms }) => algorithms.includes(algorithm));
}
