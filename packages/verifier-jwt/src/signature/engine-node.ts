import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { SignedText } from '../token/compact-jws.ts';
import { toDerSignature } from './der-signature.ts';

type Check = (text: string, key: KeyObject, signature: Buffer) => boolean;

// A signing input is base64url and a dot, so that every character is one byte.
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

const rsa =
  (hash: string): Check =>
  (text, key, signature) =>
    verify(hash, bytesOf(text), key, signature);

const pss =
  (hash: string): Check =>
  (text, key, signature) =>
    verify(
      hash,
      bytesOf(text),
      // RFC 7518 §3.5: the salt is as long as the hash.
      {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      },
      signature,
    );

// RFC 7518 §3.4: R and S, each of full length. The key itself and not an object around it, which Node
// takes several microseconds to look into.
const ecdsa =
  (hash: string, length: number): Check =>
  (text, key, signature) =>
    signature.length === length && verify(hash, bytesOf(text), key, toDerSignature(signature));

const ed25519: Check = (text, key, signature) => verify(null, bytesOf(text), key, signature);

const hmac =
  (hash: string): Check =>
  (text, key, signature) => {
    // Through strings: Node is a quarter faster with them than with buffers.
    const expected = createHmac(hash, key).update(text, 'latin1').digest('binary');
    return expected.length === signature.length && timingSafeEqual(bytesOf(expected), signature);
  };

const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    RS256: rsa('sha256'),
    RS384: rsa('sha384'),
    RS512: rsa('sha512'),
    PS256: pss('sha256'),
    PS384: pss('sha384'),
    PS512: pss('sha512'),
    ES256: ecdsa('sha256', 64),
    ES384: ecdsa('sha384', 96),
    ES512: ecdsa('sha512', 132),
    EdDSA: ed25519,
    Ed25519: ed25519,
    HS256: hmac('sha256'),
    HS384: hmac('sha384'),
    HS512: hmac('sha512'),
  }),
);

/** Whether the signature holds. Synchronous: the key is imported, and nothing is copied. */
export function verifyWithNode(
  { signingInput, signature }: SignedText,
  algorithm: string,
  key: KeyObject,
): boolean {
  try {
    return checks.get(algorithm)?.(signingInput, key, signature) ?? false;
  } catch {
    // OpenSSL throws at some signatures that cannot be one, where it could say no.
    return false;
  }
}
