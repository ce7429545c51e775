import { JwtVerifier } from 'aws-jwt-verify';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

/**
 * Uses `verifySync`, which is faster than `verify` when the keys are loaded. It allows the `alg` of the
 * JWK. It has no option for algorithms.
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
