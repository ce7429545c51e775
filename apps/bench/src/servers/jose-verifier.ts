import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { PublicIssuer } from './server-contestant.ts';

/**
 * What both lines of the SDK leave to their users, written with jose.
 *
 * @param toError What the line wants to be told of a bad token. Default what jose throws.
 */
export function createJoseVerifier(
  issuer: Pick<PublicIssuer, 'jwk'>,
  toError?: (message: string) => Error,
) {
  const keys = createLocalJWKSet(toKeySet(issuer));
  return {
    async verifyAccessToken(token: string) {
      const { payload } = await jwtVerify(token, keys, {
        issuer: issuerName,
        audience,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'sub'],
      }).catch((error: unknown) => {
        throw toError?.('the token is not good') ?? error;
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

export function toKeySet({ jwk }: Pick<PublicIssuer, 'jwk'>): JSONWebKeySet {
  return { keys: [{ ...jwk, kty: 'RSA' }] };
}
