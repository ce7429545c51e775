import type { KeyObject } from 'node:crypto';

/**
 * Required length of an RSA signature, in bytes: the length of the modulus (RFC 8017 §8.1.2). OpenSSL
 * also accepts a PSS signature without its leading zero bytes, so one token would have several
 * spellings. `undefined` for other kinds of key, whose length the engines check.
 */
export function signatureLengthOf(key: KeyObject): number | undefined {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits === undefined ? undefined : Math.ceil(bits / 8);
}
