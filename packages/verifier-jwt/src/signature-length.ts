import type { KeyObject } from 'node:crypto';

/**
 * Whether an RSA signature is as long as the modulus (RFC 8017 §8.1.2). OpenSSL takes a PSS
 * signature without its leading zero bytes as well, which would give one token several spellings.
 * Every other kind is checked by the engines.
 */
export function hasFullLength(signature: Buffer, key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits === undefined || signature.length === Math.ceil(bits / 8);
}
