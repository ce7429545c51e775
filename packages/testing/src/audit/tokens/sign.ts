/**
 * Signs any bytes, also what no library agrees to sign: repeated members, padding, `crit`. `mintToken` uses jose,
 * which refuses those.
 */
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';

/** A private key, or the bytes of a shared secret. */
export type SigningKey = KeyObject | Uint8Array;

/** base64url of a text, without padding. */
export function encode(text: string | Uint8Array): string {
  return Buffer.from(text as string).toString('base64url');
}

/** @throws {TypeError} if the key is unusable. */
export function readKey(jwk: Readonly<Record<string, unknown>>): SigningKey {
  if (jwk['kty'] === 'oct') return Buffer.from(`${jwk['k']}`, 'base64url');
  try {
    return createPrivateKey({ key: jwk as never, format: 'jwk' });
  } catch {
    throw new TypeError('key.jwk: must be a private key as a JWK');
  }
}

/** The algorithm of a key without `alg`. */
export function algorithmOf(key: SigningKey): string {
  if (!('asymmetricKeyType' in key)) return 'HS256';
  switch (key.asymmetricKeyType) {
    case 'ec':
      return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';
    case 'ed25519':
      return 'EdDSA';
    default:
      return 'RS256';
  }
}

/** Signs two segments, as they are. */
export function signSegments(
  header: string,
  payload: string,
  key: SigningKey,
  algorithm: string = algorithmOf(key),
): string {
  const data = Buffer.from(`${header}.${payload}`);
  return `${header}.${payload}.${encode(signatureOf(data, key, algorithm))}`;
}

function signatureOf(data: Buffer, key: SigningKey, algorithm: string): Uint8Array {
  const hash = `sha${algorithm.slice(2)}`;
  if (!('asymmetricKeyType' in key)) return createHmac(hash, key).update(data).digest();
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return signBytes(null, data, key);
  if (algorithm.startsWith('ES')) {
    return signBytes(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  }
  if (algorithm.startsWith('PS')) {
    return signBytes(hash, data, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
  }
  return signBytes(hash, data, key);
}

/** An ECDSA signature in the form of X.509 in place of the form of JWS. */
export function derSignature(header: string, payload: string, key: KeyObject): string {
  return encode(signBytes('sha256', Buffer.from(`${header}.${payload}`), key));
}

/** The texts of a public key that a confused verifier could take for a shared secret. */
export function publicTexts(key: KeyObject): Readonly<Record<string, Uint8Array>> {
  const publicKey = createPublicKey(key);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    'the PEM text of the public key': Buffer.from(pem),
    'the PEM text without its last line break': Buffer.from(pem.trimEnd()),
    'the DER bytes of the public key': publicKey.export({ type: 'spki', format: 'der' }),
    'the JWK text of the public key': Buffer.from(
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ),
  };
}

/** A key pair of a stranger, made once for each audit. */
export function makeStranger(): { readonly key: KeyObject; readonly jwk: object } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}
