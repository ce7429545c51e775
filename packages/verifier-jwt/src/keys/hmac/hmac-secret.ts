import { createSecretKey } from 'node:crypto';
import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkArgument,
  checkOptions,
  type Secret,
} from '@sallyport/core';
import { hmacKeyBytes } from '../../signature/hmac-algorithms.ts';
import type { HmacKeySource } from '../key-source.ts';
import { listOtherReadings } from './other-encodings.ts';
import { isPublicKeyDer, isPublicKeyText } from './public-key-disguise.ts';
import { decodeSecret, type SecretEncoding, secretEncodings } from './secret-encoding.ts';
import { findSecretWeakness } from './strength/weak-secret.ts';

/** Options for {@link hmacSecret}. */
export interface HmacSecretOptions {
  /**
   * How the text encodes the bytes of the key. It must be the encoding that the signer uses. Many
   * signers use base64 text without decoding it: that is `utf8`. Default `utf8`.
   */
  readonly encoding?: SecretEncoding;
}

// A function, so that bundles leave it out where nothing calls the factory.
const optionChecks = (): Checks<HmacSecretOptions> => ({
  encoding: check.optional(check.oneOf(...secretEncodings)),
});

const secretCheck = () => check.either('must be a secret', check.text, check.secret);

/**
 * Creates a key source from a secret that is shared with the signer. Everyone who can verify a token
 * with it can also sign one. White space around the text is ignored.
 *
 * The secret must be random. Published secrets, hashes of common words, UUIDs, words, sequences and
 * repetitions are refused, also inside hex or base64.
 *
 * @throws {ConfigError} When the secret is a public key (RFC 8725 §2.1), or its text is not in its
 *   encoding. When a verifier uses it: the secret has fewer bytes than the hash of the algorithm
 *   (RFC 7518 §3.2), or can be guessed (RFC 8725 §3.5).
 */
export function hmacSecret(
  secret: Secret | string,
  options: HmacSecretOptions = {},
): HmacKeySource {
  const { encoding = 'utf8' } = checkOptions('jwt.keys', options, optionChecks());
  // `trim` takes a byte order mark with it.
  const given = reveal(checkArgument('jwt.keys', secret, secretCheck()));
  const text = given.trim();
  const bytes = decodeSecret(text, encoding);
  const readings = encoding === 'utf8' ? [text] : [text, bytes.toString('latin1')];
  if (readings.some(isPublicKeyText) || isPublicKeyDer(bytes)) {
    throw new ConfigError(
      'jwt.keys',
      'an HMAC secret must not be a key, a certificate or a JWK: whoever knows it can sign tokens',
    );
  }
  return {
    kind: 'hmac',
    open(algorithms) {
      if (algorithms.length !== 1) {
        throw new ConfigError('jwt.algorithms', 'must name exactly one for a shared secret');
      }
      const [algorithm = ''] = algorithms;
      const least = hmacKeyBytes.get(algorithm) ?? Number.POSITIVE_INFINITY;
      if (bytes.length < least) {
        const lengths =
          encoding === 'utf8' ? '' : `: ${text.length} bytes of ${encoding} are ${bytes.length}`;
        throw new ConfigError(
          'jwt.keys',
          `HMAC key for ${algorithm} must be at least ${least} bytes${lengths}. Make a random one: openssl rand -base64 ${least}`,
        );
      }
      // Check the text, not the bytes: the check also decodes the text.
      const weakness = findSecretWeakness(text);
      if (weakness !== undefined) {
        throw new ConfigError(
          'jwt.keys',
          `the HMAC secret is ${weakness}. Make a random one: openssl rand -base64 48`,
        );
      }
      const key = createSecretKey(bytes);
      const otherReadings = listOtherReadings(given, bytes);
      const known = { keyId: undefined, algorithm, key, signatureLength: undefined, otherReadings };
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
  return typeof secret === 'string' ? secret : secret.reveal();
}
