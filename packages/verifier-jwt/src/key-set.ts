import type { KeyObject } from 'node:crypto';
import { AuthError } from '@sallyport/core';
import { areSame, importJwk, type KeyFault } from './import-key.ts';
import type { KeyQuery, VerificationKey } from './key-source.ts';

/** The usable keys of a JWK set. Never changes: a new document is a new set. */
export interface KeySet {
  readonly size: number;
  /** How many keys were left out, by reason. */
  readonly dropped: ReadonlyMap<KeyFault | 'duplicate key id' | 'too many', number>;
  find(query: KeyQuery): VerificationKey | undefined;
}

const maximumKeys = 100;

/**
 * Reads a JWK set (RFC 7517 §5). One bad key costs the others nothing; two different keys of one
 * name and algorithm cost each other.
 *
 * @throws {AuthError} `upstream_unavailable` when the document is no JWK set.
 */
export function readKeySet(document: unknown, algorithms: readonly string[]): KeySet {
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) {
    throw new AuthError('upstream_unavailable', { detail: 'the document is no JWK set' });
  }
  const dropped = new Map<KeyFault | 'duplicate key id' | 'too many', number>();
  const drop = (fault: KeyFault | 'duplicate key id' | 'too many', count = 1) =>
    dropped.set(fault, (dropped.get(fault) ?? 0) + count);

  const usable = new Map<string, VerificationKey | 'ambiguous'>();
  for (const jwk of keys.slice(0, maximumKeys)) {
    const imported = importJwk(jwk, algorithms);
    if (!imported.ok) {
      drop(imported.fault);
      continue;
    }
    const name = nameOf(imported.key);
    const present = usable.get(name);
    if (present === undefined) usable.set(name, imported.key);
    else if (present === 'ambiguous') drop('duplicate key id');
    else if (!isSameKey(present.key, imported.key.key)) {
      usable.set(name, 'ambiguous');
      drop('duplicate key id', 2);
    }
  }
  if (keys.length > maximumKeys) drop('too many', keys.length - maximumKeys);

  const size = [...usable.values()].filter((key) => key !== 'ambiguous').length;
  return {
    size,
    dropped,
    find(query) {
      const key = usable.get(nameOf(query));
      return key === 'ambiguous' ? undefined : key;
    },
  };
}

/** A space cannot be in an algorithm's name, so no two queries share a name. */
function nameOf({ algorithm, keyId }: KeyQuery): string {
  return `${areSame(algorithm, 'Ed25519') ? 'Ed25519' : algorithm} ${keyId ?? ''}`;
}

function isSameKey(one: KeyObject, other: KeyObject): boolean {
  return one.equals(other);
}
