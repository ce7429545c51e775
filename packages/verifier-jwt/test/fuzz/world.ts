/** Who issues tokens in the fuzz, with which keys, and how they are signed. */
import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import {
  type AsymmetricAlgorithm,
  createJwtVerifier,
  type HmacAlgorithm,
  hmacSecret,
  localJwks,
  type TokenProfile,
} from '../../src/index.ts';

export const issuer = 'https://auth.example.com';
export const audience = 'https://mcp.example.com/mcp';
export const nowSeconds = 1_767_225_600;

export type Algorithm = AsymmetricAlgorithm | HmacAlgorithm;

/** One key that tokens are signed with. */
export interface SigningKey {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const shared = (bytes: number) => {
  const text = randomBytes(bytes).toString('base64url').slice(0, bytes);
  const key = createSecretKey(Buffer.from(text));
  return { publicKey: key, privateKey: key };
};

/** A key of its own for every algorithm; RSA keys take too long to make for that. */
export function createKeys(): readonly SigningKey[] {
  const pairs: Readonly<Record<Algorithm, { publicKey: KeyObject; privateKey: KeyObject }>> = {
    RS256: rsa,
    RS384: rsa,
    RS512: rsa,
    PS256: rsa,
    PS384: rsa,
    PS512: rsa,
    ES256: ec('P-256'),
    ES384: ec('P-384'),
    ES512: ec('P-521'),
    EdDSA: generateKeyPairSync('ed25519'),
    Ed25519: generateKeyPairSync('ed25519'),
    HS256: shared(32),
    HS384: shared(48),
    HS512: shared(64),
  };
  return Object.entries(pairs).map(([algorithm, pair]) => ({
    algorithm: algorithm as Algorithm,
    kid: `key ${algorithm}`,
    ...pair,
  }));
}

export const isHmac = (algorithm: Algorithm): algorithm is HmacAlgorithm =>
  algorithm.startsWith('HS');

/** Signs as RFC 7518 §3 and RFC 8037 §3.1 say. */
export function signText(text: string, { algorithm, privateKey }: SigningKey): Buffer {
  const data = Buffer.from(text);
  const hash = `sha${algorithm.slice(2)}`;
  if (isHmac(algorithm)) return createHmac(hash, privateKey).update(data).digest();
  if (algorithm.startsWith('E') && privateKey.asymmetricKeyType === 'ed25519') {
    return sign(null, data, privateKey);
  }
  if (algorithm.startsWith('ES')) {
    return sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  }
  if (algorithm.startsWith('RS')) return sign(hash, data, privateKey);
  return sign(hash, data, {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

/** A verifier for one key, as an application would make it. */
export function createVerifier(key: SigningKey, profile: TokenProfile) {
  // Nothing is remembered: every verdict is worked out.
  const rules = { issuer, audience, profile, cache: { maximumTokens: 0 } };
  const { algorithm, kid, publicKey } = key;
  if (isHmac(algorithm)) {
    const secret = publicKey.export().toString();
    return createJwtVerifier({ ...rules, algorithms: [algorithm], keys: hmacSecret(secret) });
  }
  const jwk = createPublicKey({
    key: publicKey.export({ format: 'der', type: 'spki' }),
    format: 'der',
    type: 'spki',
  }).export({ format: 'jwk' });
  const keys = localJwks({ keys: [{ ...jwk, kid, alg: algorithm }] });
  return createJwtVerifier({ ...rules, algorithms: [algorithm], keys });
}
