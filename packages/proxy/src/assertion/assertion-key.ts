/** The key that signs assertions: ES256, from a secret or random. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { ConfigError, type Secret } from '@sallyport/core';

/** A key as the key set shows it. */
export interface PublishedKey {
  readonly keyId: string;
  /** Public members only (RFC 7517). */
  readonly publicJwk: Readonly<Record<string, string>>;
}

/** A private key, and how the key set shows it. */
export interface AssertionKey extends PublishedKey {
  readonly privateKey: KeyObject;
}

/**
 * Reads a P-256 private key: PKCS #8 or SEC 1 in PEM, or a private JWK as JSON.
 *
 * @throws {ConfigError} When it is no such key. The message holds no byte of it.
 */
export function readAssertionKey(option: string, secret: Secret): AssertionKey {
  const privateKey = parseKey(secret, createPrivateKey);
  if (privateKey === undefined || !isP256(privateKey)) {
    throw new ConfigError(
      option,
      'must be a private key of the curve P-256, as PEM or as a JWK. Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    );
  }
  return { privateKey, ...describeKey(createPublicKey(privateKey)) };
}

/**
 * Reads a key that signs nothing: a P-256 public key, or the private key that it belongs to.
 *
 * @throws {ConfigError} When it is no such key. The message holds no byte of it.
 */
export function readPublishedKey(option: string, secret: Secret): PublishedKey {
  const publicKey = parseKey(secret, createPublicKey);
  if (publicKey !== undefined && isP256(publicKey)) return describeKey(publicKey);
  throw new ConfigError(option, 'must be a public key of the curve P-256, as PEM or as a JWK');
}

/** A key for this process alone. */
export function createRandomKey(): AssertionKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, ...describeKey(publicKey) };
}

type Parse = (key: string | { readonly key: JsonWebKey; readonly format: 'jwk' }) => KeyObject;

function parseKey(secret: Secret, parse: Parse): KeyObject | undefined {
  const text = secret.reveal().trim();
  try {
    if (!text.startsWith('{')) return parse(text);
    return parse({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    // No cause: what the parser says may quote the key.
    return undefined;
  }
}

/** Only elliptic curves have names. */
function isP256({ asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function describeKey(publicKey: KeyObject): PublishedKey {
  const { crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // RFC 7638 §3: the required members in lexicographic order.
  const thumbprint = JSON.stringify({ crv, kty: 'EC', x, y });
  const keyId = createHash('sha256').update(thumbprint).digest('base64url');
  return { keyId, publicJwk: { kty: 'EC', crv, x, y, kid: keyId, alg: 'ES256', use: 'sig' } };
}
