import { AuthError } from '@sallyport/core';
import { importJwk } from './import-jwk.ts';
import type { DropReason } from './key-event.ts';
import type { KeyQuery, VerificationKey } from './key-source.ts';

/** The usable keys of a JWK set. Never changes: a new document is a new set. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  readonly size: number;
  /** How many keys were left out, by reason. */
  readonly dropped: ReadonlyMap<DropReason, number>;
  /**
   * Where the only usable key has no name, it is the one for every token, whatever `kid` that has
   * (RFC 7517 §4.5: `kid` is optional).
   *
   * @throws {AuthError} `token_malformed` for a query without a key id, where keys have names.
   */
  find(query: KeyQuery): VerificationKey | undefined;
}

const maximumKeys = 100;

/**
 * Reads a JWK set (RFC 7517 §5). One bad key costs the others nothing; two different keys of one
 * name and algorithm cost each other. A key without a name is used where it is the only usable one.
 *
 * @param previous The set that this one replaces: a key that is in both stays the same object.
 * @throws {AuthError} `upstream_unavailable` when the document is not a JWK set.
 */
export function readKeySet(
  document: unknown,
  algorithms: readonly string[],
  previous?: KeySet,
): KeySet {
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) {
    throw new AuthError('upstream_unavailable', { detail: 'the document is not a JWK set' });
  }
  const dropped = new Map<DropReason, number>();
  const drop = (fault: DropReason, count = 1) =>
    dropped.set(fault, (dropped.get(fault) ?? 0) + count);
  const take = (key: VerificationKey) => previous?.keys.find((known) => isSame(known, key)) ?? key;

  const usable = new Map<string, VerificationKey | 'ambiguous'>();
  const nameless: unknown[] = [];
  for (const jwk of keys.slice(0, maximumKeys)) {
    const imported = importJwk(jwk, algorithms);
    if (!imported.ok) {
      if (imported.fault === 'without a name') nameless.push(jwk);
      else drop(imported.fault);
      continue;
    }
    const key = take(imported.key);
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

  if (usable.size === 0) {
    const only = readOnlyKey(nameless, algorithms, drop);
    if (only !== undefined) usable.set(nameOf(only), take(only));
  } else if (nameless.length > 0) drop('without a name', nameless.length);
  return toKeySet(
    [...usable.values()].filter((key) => key !== 'ambiguous'),
    dropped,
  );
}

/** The one usable key among those without a name. Several different ones cost each other. */
function readOnlyKey(
  nameless: readonly unknown[],
  algorithms: readonly string[],
  drop: (fault: DropReason, count?: number) => void,
): VerificationKey | undefined {
  const good: VerificationKey[] = [];
  for (const jwk of nameless) {
    const imported = importJwk(jwk, algorithms, true);
    if (imported.ok) good.push(imported.key);
    else drop(imported.fault);
  }
  const [first] = good;
  if (first === undefined || good.every((key) => isSameKey(first, key))) return first;
  drop('without a name', good.length);
  return undefined;
}

function toKeySet(
  keys: readonly VerificationKey[],
  dropped: ReadonlyMap<DropReason, number>,
): KeySet {
  const byAlgorithm = Map.groupBy(keys, ({ algorithm }) => algorithmOf(algorithm));
  // Two steps, so that no name is put together for every request.
  const keysOf = new Map(
    [...byAlgorithm].map(([algorithm, own]) => [
      algorithm,
      new Map(own.map((key) => [key.keyId, key])),
    ]),
  );
  const isNameless = keys[0] !== undefined && keys[0].keyId === undefined;
  return {
    keys,
    size: keys.length,
    dropped,
    find({ algorithm, keyId }) {
      const own = keysOf.get(algorithmOf(algorithm));
      // A token of another key is found out by its signature.
      if (isNameless) return own?.get(undefined);
      if (keyId === undefined) throw new AuthError('token_malformed', { detail: keyIdAbsent });
      return own?.get(keyId);
    },
  };
}

const keyIdAbsent = 'header: kid: absent; the issuer has several keys, and kid selects one';

/** A space cannot be in an algorithm's name, so no two keys share a name. */
function nameOf({ algorithm, keyId }: VerificationKey): string {
  return `${algorithmOf(algorithm)} ${keyId}`;
}

/** RFC 9864 gave `EdDSA` with Ed25519 a name of its own. */
function algorithmOf(name: string): string {
  return name === 'EdDSA' ? 'Ed25519' : name;
}

function isSame(one: VerificationKey, other: VerificationKey): boolean {
  return nameOf(one) === nameOf(other) && isSameKey(one, other);
}

function isSameKey(one: VerificationKey, other: VerificationKey): boolean {
  return one.issuer === other.issuer && one.key.equals(other.key);
}
