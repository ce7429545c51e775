/** Who issues tokens in the fuzz, with which keys, and how they are signed. */
import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { TokenVerifier } from '@sallyport/core';
import {
  type AsymmetricAlgorithm,
  createJwtVerifier,
  type HmacAlgorithm,
  hmacSecret,
  localJwks,
} from '../../src/index.ts';

export const issuer = 'https://auth.example.com';
export const audience = 'https://mcp.example.com/mcp';
export const nowSeconds = 1_767_225_600;

export type Algorithm = AsymmetricAlgorithm | HmacAlgorithm;
export type Profile = 'rfc9068' | 'legacy';

/** One key that tokens are signed with. */
export interface SigningKey {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
/** The keys of one verifier. */
export type KeyRing = readonly [SigningKey, ...SigningKey[]];
type Pair = Pick<SigningKey, 'publicKey' | 'privateKey'>;

/** Longer than 256 bytes, and not longer than 256 characters. */
export const longKid: string = 'é'.repeat(129);

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const ed25519 = () => generateKeyPairSync('ed25519');
const createRsa = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
const shared = (bytes: number): Pair => {
  const text = randomBytes(bytes).toString('base64url').slice(0, bytes);
  const key = createSecretKey(Buffer.from(text));
  return { publicKey: key, privateKey: key };
};
const nameKey = (algorithm: Algorithm, kid: string, { publicKey, privateKey }: Pair) => ({
  algorithm,
  kid,
  publicKey,
  privateKey,
});

/** A key for every algorithm, each for a verifier of its own. */
export function createKeys(): readonly SigningKey[] {
  const rsa = createRsa();
  const pairs: Readonly<Record<Algorithm, Pair>> = {
    RS256: rsa,
    RS384: rsa,
    RS512: rsa,
    PS256: rsa,
    PS384: rsa,
    PS512: rsa,
    ES256: ec('P-256'),
    ES384: ec('P-384'),
    ES512: ec('P-521'),
    EdDSA: ed25519(),
    Ed25519: ed25519(),
    HS256: shared(32),
    HS384: shared(48),
    HS512: shared(64),
  };
  return Object.entries(pairs).map(([algorithm, pair]) =>
    nameKey(algorithm as Algorithm, `key ${algorithm}`, pair),
  );
}

/** Keys that one verifier has at once: four of one name, which only their algorithms tell apart. */
export function createRing(): KeyRing {
  const rsa = createRsa();
  return [
    nameKey('ES256', 'shared', ec('P-256')),
    nameKey('ES256', 'es', ec('P-256')),
    nameKey('EdDSA', 'shared', ed25519()),
    nameKey('Ed25519', 'ed', ed25519()),
    nameKey('RS256', 'shared', rsa),
    nameKey('PS256', 'shared', rsa),
    nameKey('ES256', longKid, ec('P-256')),
  ];
}

/** The one key of a verifier for a shared secret. */
export function createSecretRing(): KeyRing {
  return [nameKey('HS256', 'hs', shared(32))];
}

export const isHmac = (algorithm: Algorithm): algorithm is HmacAlgorithm =>
  algorithm.startsWith('HS');

/** Signs as RFC 7518 §3 and RFC 8037 §3.1 say. */
export function signText(text: string, { algorithm, privateKey }: SigningKey): Buffer {
  const data = Buffer.from(text);
  const hash = `sha${algorithm.slice(2)}`;
  if (isHmac(algorithm)) return createHmac(hash, privateKey).update(data).digest();
  if (privateKey.asymmetricKeyType === 'ed25519') return sign(null, data, privateKey);
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

/** A verifier as an application would make it. It remembers what it verified. */
export function createVerifier(ring: KeyRing, profile: Profile): TokenVerifier {
  const rules = { issuer, audience, profile };
  const [{ algorithm, publicKey }] = ring;
  if (isHmac(algorithm)) {
    const secret = publicKey.export().toString();
    return createJwtVerifier({ ...rules, algorithms: [algorithm], keys: hmacSecret(secret) });
  }
  const names = new Set(ring.map((key) => key.algorithm as AsymmetricAlgorithm));
  const algorithms = [...names] as [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]];
  const jwks = ring.map((key) => {
    return { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, alg: key.algorithm };
  });
  return createJwtVerifier({ ...rules, algorithms, keys: localJwks({ keys: jwks }) });
}
