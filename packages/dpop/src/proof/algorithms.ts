import { type AsymmetricAlgorithm, asymmetricAlgorithms, ConfigError } from '@sallyport/core';

/** Algorithms that can sign proofs: those with a public key (RFC 9449 §4.3). */
export type ProofAlgorithm = AsymmetricAlgorithm;

/** The one kind of key that an algorithm is for, as a JWK names it. */
export interface KeyKind {
  readonly kty: 'EC' | 'OKP' | 'RSA';
  readonly crv?: string;
  /** The members that are the public key, and with {@link kty} its thumbprint (RFC 7638 §3.2). */
  readonly members: readonly string[];
}

const members: Readonly<Record<KeyKind['kty'], readonly string[]>> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};

const kinds: ReadonlyMap<string, KeyKind> = new Map(
  [...asymmetricAlgorithms].map(([name, { keyType: kty, curve: crv }]) => [
    name,
    { kty, members: members[kty], ...(crv !== undefined && { crv }) },
  ]),
);

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
