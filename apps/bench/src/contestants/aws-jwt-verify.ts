import { JwtVerifier } from 'aws-jwt-verify';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

/**
 * By `verifySync`, the faster of its two ways once the keys are there. It allows the `alg` of the
 * JWK, and has no option of its own for that.
 */
export const awsJwtVerify: Contestant = {
  name: 'aws-jwt-verify',
  algorithms: ['RS256', 'ES256', 'EdDSA'],

  async open({ jwk }) {
    const verifier = JwtVerifier.create({ issuer: issuerName, audience });
    verifier.cacheJwks({ keys: [{ ...jwk, kty: `${jwk.kty}` }] });
    return (token) => verifier.verifySync(token);
  },
};
