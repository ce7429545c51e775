import type { Algorithm } from '../tokens/issuer.ts';
import { awsJwtVerify } from './aws-jwt-verify.ts';
import type { Contestant } from './contestant.ts';
import { expressOauth2JwtBearer } from './express-oauth2-jwt-bearer.ts';
import { fastJwt } from './fast-jwt.ts';
import { jose } from './jose.ts';
import { jsonwebtoken } from './jsonwebtoken.ts';
import { sallyport } from './sallyport.ts';

/** All verifiers that are measured, in the order of the tables. */
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
