import { AuthError, ConfigError, check, checkArgument } from '@sallyport/core';
import { type KeySet, readKeySet } from './key-set.ts';
import type { PublicKeySource } from './key-source.ts';

// A function, so that bundles leave it out where nothing calls the factory.
const jwksCheck = () => check.shape('a JWK set', { keys: 'object' });

/**
 * Creates a key source from a JWK set (RFC 7517 §5). The keys never change.
 *
 * @throws {ConfigError} When `jwks` is not a JWK set. When a verifier uses it: no key fits the algorithms.
 */
export function localJwks(jwks: { readonly keys: readonly unknown[] }): PublicKeySource {
  const { keys: given } = checkArgument('jwt.keys', jwks, jwksCheck());
  return {
    kind: 'jwks',
    open(algorithms) {
      const keys = readLocal({ keys: given }, algorithms);
      return {
        find(query) {
          const key = keys.find(query);
          if (key === undefined) throw new AuthError('token_key_unknown');
          return key;
        },
      };
    },
  };
}

function readLocal(jwks: unknown, algorithms: readonly string[]): KeySet {
  try {
    const keys = readKeySet(jwks, algorithms);
    if (keys.size > 0) return keys;
    const faults = [...keys.dropped].map(([reason, count]) => `${count} ${reason}`).join(', ');
    throw new ConfigError('jwt.keys', `no key fits ${algorithms.join(', ')}: ${faults || 'none'}`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('jwt.keys', 'must be a JWK set: an object with a list "keys"');
  }
}
