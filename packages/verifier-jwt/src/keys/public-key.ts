import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { AuthError, asymmetricAlgorithms, ConfigError, type KeyShape } from '@sallyport/core';
import { signatureLengthOf } from '../signature/rsa-signature-length.ts';
import { findWeakness } from './import-jwk.ts';
import type { SinglePublicKeySource } from './key-source.ts';

/**
 * Creates a key source from one public key as PEM: SPKI, PKCS#1 or an X.509 certificate. It verifies
 * every token and ignores `kid`. It does not check the dates or the issuer of a certificate.
 *
 * @throws {ConfigError} When the text is not a public key. When a verifier uses it: the key does not
 *   fit the algorithm or is too weak.
 */
export function publicKey(pem: string): SinglePublicKeySource {
  if (typeof pem !== 'string') throw new ConfigError('jwt.keys', 'must be PEM text');
  const key = readPem(pem.trim());
  return {
    kind: 'public key',
    open(algorithms) {
      const [algorithm, ...others] = algorithms;
      // One key, one algorithm (RFC 8725 §3.1).
      if (algorithm === undefined || others.length > 0) {
        throw new ConfigError('jwt.algorithms', 'must name exactly one for a single public key');
      }
      const fault = fits(key, asymmetricAlgorithms.get(algorithm))
        ? findWeakness(key)
        : `made for another algorithm than ${algorithm}`;
      if (fault !== undefined) throw new ConfigError('jwt.keys', `the public key is ${fault}`);
      const signatureLength = signatureLengthOf(key);
      const known = { keyId: undefined, algorithm, key, signatureLength };
      return {
        find(query) {
          if (query.algorithm !== algorithm) throw new AuthError('token_key_unknown');
          return known;
        },
      };
    },
  };
}

function readPem(pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) {
    throw new ConfigError(
      'jwt.keys',
      'holds a private key. Give only the public one to a verifier',
    );
  }
  try {
    if (pem.startsWith('-----BEGIN CERTIFICATE-----')) return new X509Certificate(pem).publicKey;
    return createPublicKey(pem);
  } catch {
    // No cause: it may quote the text.
    throw new ConfigError('jwt.keys', 'must be a public key or certificate as PEM');
  }
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function fits(key: KeyObject, shape: KeyShape | undefined): boolean {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return shape?.keyType === 'RSA';
    case 'ec':
      // Both, since curves that are not here and algorithms without one are equally undefined.
      return (
        shape?.keyType === 'EC' &&
        shape.curve === curves[key.asymmetricKeyDetails?.namedCurve ?? '']
      );
    case 'ed25519':
      return shape?.curve === 'Ed25519';
    default:
      return false;
  }
}
