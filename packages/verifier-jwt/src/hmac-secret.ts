import { createSecretKey } from 'node:crypto';
import { AuthError, ConfigError, type Secret } from '@sallyport/core';
import { hmacKeyBytes } from './algorithms.ts';
import type { HmacKeySource } from './key-source.ts';
import { findSecretWeakness } from './weak-secret.ts';

/**
 * A secret shared with whoever signs: everybody who can verify a token can make one. Its bytes are
 * the text's in UTF-8, without white space around it.
 *
 * @throws {ConfigError} When it is a public key in disguise (RFC 8725 §2.1); when used: it is
 *   shorter than the hash of the algorithm (RFC 7518 §3.2), published as an example, or no random text
 *   but a password (RFC 8725 §3.5).
 */
export function hmacSecret(secret: Secret | string): HmacKeySource {
  // `trim` takes a byte order mark with it.
  const text = reveal(secret).trim();
  if (isPublicKeyText(text)) {
    throw new ConfigError(
      'jwt.keys',
      'an HMAC secret must not be a key, a certificate or a JWK: whoever knows it can sign tokens',
    );
  }
  const bytes = Buffer.from(text);
  return {
    kind: 'hmac',
    open(algorithms) {
      if (algorithms.length !== 1) {
        throw new ConfigError('jwt.algorithms', 'must name exactly one for a shared secret');
      }
      const [algorithm = ''] = algorithms;
      const least = hmacKeyBytes.get(algorithm) ?? Number.POSITIVE_INFINITY;
      if (bytes.length < least) {
        throw new ConfigError(
          'jwt.keys',
          `HMAC key for ${algorithm} must be at least ${least} bytes`,
        );
      }
      const weakness = findSecretWeakness(text);
      if (weakness !== undefined) {
        throw new ConfigError(
          'jwt.keys',
          `the HMAC secret is ${weakness}. Make a random one: openssl rand -base64 48`,
        );
      }
      const key = createSecretKey(bytes);
      const known = { keyId: undefined, algorithm, key, signatureLength: undefined };
      return {
        find(query) {
          if (query.algorithm !== algorithm) throw new AuthError('token_key_unknown');
          return known;
        },
      };
    },
  };
}

function reveal(secret: Secret | string): string {
  if (typeof secret === 'string') return secret;
  // Asked and not `instanceof`: a second installed copy of core has another class.
  if (typeof secret?.reveal === 'function') return secret.reveal();
  throw new ConfigError('jwt.keys', 'must be a secret');
}

function isPublicKeyText(text: string): boolean {
  if (text.includes('-----BEGIN') || /^ssh-|^ecdsa-sha2-/.test(text)) return true;
  return text.startsWith('{') && /"kty"|"keys"/.test(text);
}
