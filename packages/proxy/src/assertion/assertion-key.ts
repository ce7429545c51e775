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

/** A private key, and how the key set shows it. */
export interface AssertionKey {
  readonly privateKey: KeyObject;
  readonly keyId: string;
  /** Public members only (RFC 7517). */
  readonly publicJwk: Readonly<Record<string, string>>;
}

/**
 * Reads a P-256 private key: PKCS #8 or SEC 1 in PEM, or a private JWK as JSON.
 *
 * @throws {ConfigError} When it is no such key. The message holds no byte of it.
 */
export function readAssertionKey(option: string, secret: Secret): AssertionKey {
  const privateKey = parsePrivateKey(secret.reveal().trim());
  if (privateKey === undefined || !isP256(privateKey)) {
    throw new ConfigError(
      option,
      'must be a private key of the curve P-256, as PEM or as a JWK. Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    );
  }
  return describeKey(privateKey);
}

/** A key for this process alone. */
export function createRandomKey(): AssertionKey {
  return describeKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

function parsePrivateKey(text: string): KeyObject | undefined {
  try {
    if (!text.startsWith('{')) return createPrivateKey(text);
    return createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    // No cause: what the parser says may quote the key.
    return undefined;
  }
}

function isP256({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function describeKey(privateKey: KeyObject): AssertionKey {
  const { crv = '', x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  // RFC 7638 §3: the required members in lexicographic order.
  const thumbprint = JSON.stringify({ crv, kty: 'EC', x, y });
  const keyId = createHash('sha256').update(thumbprint).digest('base64url');
  return {
    privateKey,
    keyId,
    publicJwk: { kty: 'EC', crv, x, y, kid: keyId, alg: 'ES256', use: 'sig' },
  };
}
