/** Signature algorithms with a public key (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). */
export type AsymmetricAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** Signature algorithms with a shared secret (RFC 7518 §3.2). */
export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** What the key of an algorithm looks like: `kty`, and `crv` where there are several. */
export interface KeyShape {
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  readonly curve?: string;
}

const rsa: KeyShape = { keyType: 'RSA' };
const ed25519: KeyShape = { keyType: 'OKP', curve: 'Ed25519' };

/** Exact names only: a `Map`, so that `__proto__` and its like are no algorithms. */
export const asymmetricAlgorithms: ReadonlyMap<string, KeyShape> = new Map(
  Object.entries({
    RS256: rsa,
    RS384: rsa,
    RS512: rsa,
    PS256: rsa,
    PS384: rsa,
    PS512: rsa,
    ES256: { keyType: 'EC', curve: 'P-256' },
    ES384: { keyType: 'EC', curve: 'P-384' },
    ES512: { keyType: 'EC', curve: 'P-521' },
    EdDSA: ed25519,
    Ed25519: ed25519,
  } satisfies Record<AsymmetricAlgorithm, KeyShape>),
);

/** The least number of bytes of the secret: as many as the hash has (RFC 7518 §3.2). */
export const hmacKeyBytes: ReadonlyMap<string, number> = new Map(
  Object.entries({ HS256: 32, HS384: 48, HS512: 64 } satisfies Record<HmacAlgorithm, number>),
);

/** Whether a word from configuration names an algorithm for public keys. Case counts. */
export function isAsymmetricAlgorithm(name: string): name is AsymmetricAlgorithm {
  return asymmetricAlgorithms.has(name);
}

/** Whether a word from configuration names an algorithm for shared secrets. Case counts. */
export function isHmacAlgorithm(name: string): name is HmacAlgorithm {
  return hmacKeyBytes.has(name);
}
