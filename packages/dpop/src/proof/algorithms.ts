import { ConfigError } from '@sallyport/core';

/** With what proofs can be signed: public keys only (RFC 9449 §4.3). */
export type ProofAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'
  | 'RS384'
  | 'RS512';

/** The one kind of key that an algorithm is for, as a JWK names it. */
export interface KeyKind {
  readonly kty: 'EC' | 'OKP' | 'RSA';
  readonly crv?: string;
  /** The members that are the public key, and with {@link kty} its thumbprint (RFC 7638 §3.2). */
  readonly members: readonly string[];
}

const ec = (crv: string): KeyKind => ({ kty: 'EC', crv, members: ['crv', 'x', 'y'] });
const ed25519: KeyKind = { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] };
const rsa: KeyKind = { kty: 'RSA', members: ['n', 'e'] };

const kinds: ReadonlyMap<string, KeyKind> = new Map<ProofAlgorithm, KeyKind>([
  ['ES256', ec('P-256')],
  ['ES384', ec('P-384')],
  ['ES512', ec('P-521')],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
  ['PS256', rsa],
  ['PS384', rsa],
  ['PS512', rsa],
  ['RS256', rsa],
  ['RS384', rsa],
  ['RS512', rsa],
]);

/**
 * The algorithms that are allowed, each with its kind of key.
 *
 * @throws {ConfigError} `dpop.algorithms` when there is none, or one of them is for no public key.
 */
export function readAlgorithms(algorithms: readonly string[]): ReadonlyMap<string, KeyKind> {
  const allowed = new Map<string, KeyKind>();
  for (const name of algorithms) {
    const kind = kinds.get(name);
    if (kind !== undefined) allowed.set(name, kind);
  }
  if (allowed.size === 0 || allowed.size < algorithms.length) {
    const names = [...kinds.keys()].join(', ');
    throw new ConfigError('dpop.algorithms', `must name each once, and at least one, of ${names}`);
  }
  return allowed;
}
