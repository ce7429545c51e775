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

/** The kind of key that an algorithm needs, in the words of a JWK (RFC 7517 §4). */
export interface KeyShape {
  /** The member `kty`. */
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  /** The member `crv`. Absent for RSA. */
  readonly curve?: string;
}

const rsa: KeyShape = { keyType: 'RSA' };
const ed25519: KeyShape = { keyType: 'OKP', curve: 'Ed25519' };

/**
 * The algorithms with a public key that Sallyport accepts, each with its kind of key. Names are
 * compared exactly. A `Map`, so that `__proto__` is not an algorithm.
 */
export const asymmetricAlgorithms: ReadonlyMap<string, KeyShape> = new Map<
  AsymmetricAlgorithm,
  KeyShape
>([
  ['RS256', rsa],
  ['RS384', rsa],
  ['RS512', rsa],
  ['PS256', rsa],
  ['PS384', rsa],
  ['PS512', rsa],
  ['ES256', { keyType: 'EC', curve: 'P-256' }],
  ['ES384', { keyType: 'EC', curve: 'P-384' }],
  ['ES512', { keyType: 'EC', curve: 'P-521' }],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
]);
