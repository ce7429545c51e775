/** Which public keys are good enough to be used, and for which one algorithm. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { asymmetricAlgorithms, type Claims, isEmptyClaim } from '@sallyport/core';
import { signatureLengthOf } from '../signature/rsa-signature-length.ts';
import type { VerificationKey } from './key-source.ts';
import { hasRocaFingerprint } from './roca.ts';

/** Why a key is not used. A closed list, for metrics. */
export type KeyFault =
  | 'not an object'
  | 'private'
  | 'symmetric'
  | 'without a name'
  | 'unsupported'
  | 'not for signatures'
  | 'malformed'
  | 'too weak'
  | 'too large';

/** Either a key, or why there is none. */
export type ImportedKey =
  | { readonly ok: true; readonly key: VerificationKey }
  | { readonly ok: false; readonly fault: KeyFault };

const refuse = (fault: KeyFault): ImportedKey => ({ ok: false, fault });

/**
 * Imports one member of a JWK set. Whatever is wrong with it concerns this key alone (RFC 7517 §5).
 *
 * @param algorithms Allowed ones. A key that does not name its own is bound to the first that fits.
 * @param isNameOptional Whether a key without `kid` will do, because it is the only one of its set.
 */
export function importJwk(
  jwk: unknown,
  algorithms: readonly string[],
  isNameOptional = false,
): ImportedKey {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return refuse('not an object');
  const present = presentMembers(jwk as Claims);
  const { kty, crv, alg, use, kid, k, issuer, key_ops: operations } = present;
  if (k !== undefined) return refuse('symmetric');
  if (privateMembers.some((name) => Object.hasOwn(present, name))) return refuse('private');
  if (use !== undefined && use !== 'sig') return refuse('not for signatures');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return refuse('not for signatures');
  }
  const algorithm = algorithms.find((candidate) => {
    const shape = asymmetricAlgorithms.get(candidate);
    const fits = shape?.keyType === kty && (shape?.curve === undefined || shape.curve === crv);
    return fits && (alg === undefined || alg === candidate || areSame(alg, candidate));
  });
  if (algorithm === undefined) return refuse('unsupported');
  // Among several keys no token could ask for it.
  if (kid === undefined && !isNameOptional) return refuse('without a name');
  if (kid !== undefined && typeof kid !== 'string') return refuse('malformed');
  if (issuer !== undefined && typeof issuer !== 'string') return refuse('malformed');

  let key: KeyObject;
  try {
    key = createPublicKey({ key: present as JsonWebKey, format: 'jwk' });
  } catch {
    return refuse('malformed');
  }
  const fault = findWeakness(key);
  if (fault !== undefined) return refuse(fault);
  const signatureLength = signatureLengthOf(key);
  const own = issuer === undefined ? {} : { issuer };
  return { ok: true, key: { keyId: kid, algorithm, key, signatureLength, ...own } };
}

// RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2. The primes of an RSA key leak it as well as `d` does.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/** Some servers write every member of RFC 7517 and leave unused ones empty: those count as absent. */
function presentMembers(jwk: Claims): Claims {
  return Object.fromEntries(Object.entries(jwk).filter(([, value]) => !isEmptyClaim(value)));
}

/** RFC 9864 gave `EdDSA` with Ed25519 a name of its own. */
function areSame(one: unknown, other: string): boolean {
  const names: readonly unknown[] = ['EdDSA', 'Ed25519'];
  return one === other || (names.includes(one) && names.includes(other));
}

/** RSA of 2,048 to 8,192 bits, an odd exponent above 3, and a modulus without the ROCA fingerprint. */
export function findWeakness(key: KeyObject): KeyFault | undefined {
  if (key.asymmetricKeyType !== 'rsa') return undefined;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength > 8_192) return 'too large';
  if (modulusLength < 2_048 || publicExponent <= 3n || publicExponent % 2n === 0n) {
    return 'too weak';
  }
  const { n = '' } = key.export({ format: 'jwk' });
  const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`);
  return hasRocaFingerprint(modulus) ? 'too weak' : undefined;
}
