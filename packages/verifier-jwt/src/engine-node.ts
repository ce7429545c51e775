import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { CompactJws } from './compact-jws.ts';
import { hasFullLength } from './signature-length.ts';

type Check = (data: Buffer, key: KeyObject, signature: Buffer) => boolean;

const rsa =
  (hash: string): Check =>
  (data, key, signature) =>
    verify(hash, data, key, signature);

const pss =
  (hash: string): Check =>
  (data, key, signature) =>
    verify(
      hash,
      data,
      // RFC 7518 §3.5: the salt is as long as the hash.
      {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      },
      signature,
    );

// RFC 7518 §3.4: R and S, each of full length. Any other length, DER's as well, fails.
const ecdsa =
  (hash: string): Check =>
  (data, key, signature) =>
    verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature);

const ed25519: Check = (data, key, signature) => verify(null, data, key, signature);

const hmac =
  (hash: string): Check =>
  (data, key, signature) => {
    const expected = createHmac(hash, key).update(data).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  };

const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    RS256: rsa('sha256'),
    RS384: rsa('sha384'),
    RS512: rsa('sha512'),
    PS256: pss('sha256'),
    PS384: pss('sha384'),
    PS512: pss('sha512'),
    ES256: ecdsa('sha256'),
    ES384: ecdsa('sha384'),
    ES512: ecdsa('sha512'),
    EdDSA: ed25519,
    Ed25519: ed25519,
    HS256: hmac('sha256'),
    HS384: hmac('sha384'),
    HS512: hmac('sha512'),
  }),
);

/** Whether this runtime has the parts of `node:crypto` that the engine is made of. */
export function canVerifyWithNode(algorithm: string): boolean {
  return checks.has(algorithm) && typeof verify === 'function' && typeof createHmac === 'function';
}

/** Whether the signature holds. Synchronous: the key is imported, and nothing is copied. */
export function verifyWithNode(
  { signingInput, signature }: CompactJws,
  algorithm: string,
  key: KeyObject,
): boolean {
  if (!hasFullLength(signature, key)) return false;
  try {
    const data = Buffer.from(signingInput, 'latin1');
    return checks.get(algorithm)?.(data, key, signature) ?? false;
  } catch {
    // OpenSSL throws at some signatures that cannot be one, where it could say no.
    return false;
  }
}
