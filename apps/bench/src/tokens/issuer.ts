import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** The algorithms that are measured: one of each kind. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'] as const;

export type Algorithm = (typeof algorithms)[number];

/** Whoever signs the tokens of one measurement, and its key in each of the forms peers take. */
export interface Issuer {
  readonly algorithm: Algorithm;
  /** Signs, or is the shared secret. */
  readonly signingKey: KeyObject;
  /** A public key, or the shared secret. */
  readonly verificationKey: KeyObject;
  /** The same as PEM, or the secret's text. */
  readonly keyText: string;
  /** The same as JWK, with `kid`, `alg` and `use`. */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: Algorithm };
  sign(input: string): Buffer;
}

/** Default for `signingKey`: a new one. */
export function createIssuer(algorithm: Algorithm, signingKey = createKey(algorithm)): Issuer {
  const isSecret = algorithm === 'HS256';
  const verificationKey = isSecret ? signingKey : createPublicKey(signingKey);
  return {
    algorithm,
    signingKey,
    verificationKey,
    keyText: isSecret
      ? verificationKey.export().toString('latin1')
      : verificationKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: {
      ...verificationKey.export({ format: 'jwk' }),
      kid: `bench-${algorithm}`,
      alg: algorithm,
      use: 'sig',
    },
    sign: signer(algorithm, signingKey),
  };
}

function createKey(algorithm: Algorithm): KeyObject {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey;
    case 'HS256':
      return createSecretKey(Buffer.from(randomBytes(32).toString('base64url')));
  }
}

function signer(algorithm: Algorithm, key: KeyObject): (input: string) => Buffer {
  switch (algorithm) {
    case 'RS256':
      return (input) => sign('sha256', Buffer.from(input), key);
    case 'PS256':
      return (input) =>
        sign('sha256', Buffer.from(input), {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        });
    case 'ES256':
      return (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return (input) => sign(null, Buffer.from(input), key);
    case 'HS256':
      return (input) => createHmac('sha256', key).update(input).digest();
  }
}
