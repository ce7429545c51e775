import { AuthError } from '@sallyport/core';
import { importJwk } from './import-key.ts';
import type { DropReason } from './key-event.ts';
import type { KeyQuery, VerificationKey } from './key-source.ts';

/** The usable keys of a JWK set. Never changes: a new document is a new set. */
export interface KeySet {
  readonly size: number;
  /** How many keys were left out, by reason. */
  readonly dropped: ReadonlyMap<DropReason, number>;
  find(query: KeyQuery): VerificationKey | undefined;
}

const maximumKeys = 100;

/**
 * Reads a JWK set (RFC 7517 §5). One bad key costs the others nothing; two different keys of one
 * name and algorithm cost each other.
 *
 * @param previous The set that this one replaces: a key that is in both stays the same object.
 * @throws {AuthError} `upstream_unavailable` when the document is no JWK set.
 */
export function readKeySet(
  document: unknown,
  algorithms: readonly string[],
  previous?: KeySet,
): KeySet {
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) {
    throw new AuthError('upstream_unavailable', { detail: 'the document is no JWK set' });
  }
  const dropped = new Map<DropReason, number>();
  const drop = (fault: DropReason, count = 1) =>
    dropped.set(fault, (dropped.get(fault) ?? 0) + count);

  const usable = new Map<string, VerificationKey | 'ambiguous'>();
  for (const jwk of keys.slice(0, maximumKeys)) {
    const imported = importJwk(jwk, algorithms);
    if (!imported.ok) {
      drop(imported.fault);
      continue;
    }
    const known = previous?.find(imported.key);
    const key = known !== undefined && isSameKey(known, imported.key) ? known : imported.key;
    const name = nameOf(key);
    const present = usable.get(name);
    if (present === undefined) usable.set(name, key);
    else if (present === 'ambiguous') drop('duplicate key id');
    else if (!isSameKey(present, key)) {
      usable.set(name, 'ambiguous');
      drop('duplicate key id', 2);
    }
  }
  if (keys.length > maximumKeys) drop('too many', keys.length - maximumKeys);

  const good = [...usable.values()].filter((key) => key !== 'ambiguous');
  const byAlgorithm = Map.groupBy(good, ({ algorithm }) => algorithmOf(algorithm));
  // Two steps, so that no name is put together for every request.
  const keysOf = new Map(
    [...byAlgorithm].map(([algorithm, own]) => [
      algorithm,
      new Map(own.map((key) => [key.keyId, key])),
    ]),
  );
  return {
    size: good.length,
    dropped,
    find: ({ algorithm, keyId }) => keysOf.get(algorithmOf(algorithm))?.get(keyId),
  };
}

/** A space cannot be in an algorithm's name, so no two keys share a name. */
function nameOf({ algorithm, keyId }: VerificationKey): string {
  return `${algorithmOf(algorithm)} ${keyId}`;
}

/** RFC 9864 gave `EdDSA` with Ed25519 a name of its own. */
function algorithmOf(name: string): string {
  return name === 'EdDSA' ? 'Ed25519' : name;
}

function isSameKey(one: VerificationKey, other: VerificationKey): boolean {
  return one.issuer === other.issuer && one.key.equals(other.key);
}
