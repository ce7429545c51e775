import { AuthError, type Claims, ConfigError } from '@sallyport/core';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { IntrospectionProtocol } from './introspection-client.ts';

/** Options for {@link signedResponse}. */
export interface SignedResponseOptions {
  /** The server, exactly as its answers have it in `iss`. */
  readonly issuer: string;
  /** This server as the answers name it in `aud`: mostly its client id. */
  readonly audience: string;
  /** The server's public keys. They are not fetched. */
  readonly jwks: JSONWebKeySet;
  /** Allowed `alg` values. At least one. */
  readonly algorithms: readonly [string, ...string[]];
}

/** The media type of signed answers (RFC 9701 §4). */
export const signedMediaType = 'application/token-introspection+jwt';

/**
 * Asks for answers that are signed (RFC 9701), and takes no others: whoever stands between cannot
 * make one up. Encrypted ones are not read.
 *
 * @throws {ConfigError} When there is no algorithm, or one with a shared secret.
 */
export function signedResponse(options: SignedResponseOptions): IntrospectionProtocol {
  const { issuer, audience, algorithms } = options;
  if (algorithms.length === 0 || algorithms.some((name) => !/^(RS|PS|ES|Ed)/.test(name))) {
    throw new ConfigError('introspection.signedResponse.algorithms', 'must be for public keys');
  }
  const keys = createLocalJWKSet(options.jwks);
  return {
    mediaTypes: [signedMediaType],
    question: (token) => ({
      headers: { Accept: signedMediaType },
      parameters: { token, token_type_hint: 'access_token' },
    }),
    async read({ text = '' }) {
      try {
        const { payload } = await jwtVerify(text, keys, {
          issuer,
          audience,
          algorithms: [...algorithms],
          typ: 'token-introspection+jwt',
          requiredClaims: ['iat'],
        });
        return readIntrospection(payload['token_introspection']);
      } catch {
        // No cause: the answer holds what is known of the token.
        throw new AuthError('upstream_unavailable', {
          detail: 'introspection: the answer is not signed as it must be',
        });
      }
    },
  };
}

function readIntrospection(value: unknown): Claims | undefined | 'protocol error' {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'protocol error';
  return (value as Claims)['active'] === true ? (value as Claims) : undefined;
}
