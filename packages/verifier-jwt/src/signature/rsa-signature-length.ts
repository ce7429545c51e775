import type { KeyObject } from 'node:crypto';

/**
 * How long an RSA signature must be, in bytes: as long as the modulus (RFC 8017 §8.1.2). OpenSSL
 * takes a PSS signature without its leading zero bytes as well, which would give one token several
 * spellings. `undefined` for every other kind: there the engines check.
 */
export function signatureLengthOf(key: KeyObject): number | undefined {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits === undefined ? undefined : Math.ceil(bits / 8);
}
