import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { audience, issuerName } from '../tokens.ts';
import type { PublicIssuer } from './server-contestant.ts';

/** What both lines of the SDK leave to their users, written with jose. */
export function createJoseVerifier(issuer: PublicIssuer) {
  const keys = createLocalJWKSet(toKeySet(issuer));
  return {
    async verifyAccessToken(token: string) {
      const { payload } = await jwtVerify(token, keys, {
        issuer: issuerName,
        audience,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'sub'],
      });
      return {
        token,
        issuer: issuerName,
        clientId: String(payload['client_id']),
        scopes: String(payload['scope'] ?? '').split(' '),
        expiresAt: payload.exp ?? 0,
      };
    },
  };
}

export function toKeySet({ jwk }: PublicIssuer): JSONWebKeySet {
  return { keys: [{ ...jwk, kty: 'RSA' }] };
}
