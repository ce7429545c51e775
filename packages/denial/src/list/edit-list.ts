/** Changes a list, for operators. Two changes at the same time are both made. */
import { ConfigError } from '@sallyport/core';
import { type DenialStore, maximumBytes } from '../stores/denial-store.ts';
import { type Denied, type DeniedParty, isSameParty } from './denied.ts';
import { DamagedList, formatList, parseList } from './list-text.ts';

const attempts = 10;

/**
 * Reads the entries that have not expired.
 *
 * @param now Milliseconds since the epoch.
 * @returns `undefined`: there is no list.
 * @throws {ConfigError} When the text is not a list.
 */
export async function readDenied(
  store: DenialStore,
  now: number = Date.now(),
): Promise<readonly Denied[] | undefined> {
  const text = await store.read();
  return text === undefined ? undefined : parse(store, text).denied.filter(isInForce(now));
}

/**
 * Creates an empty list.
 *
 * @returns False: there is a list already, which is unchanged.
 */
export async function createEmptyList(
  store: DenialStore,
  now: number = Date.now(),
): Promise<boolean> {
  return store.replace(undefined, formatList([], now));
}

/**
 * Adds an entry, in place of one for the same party. Expired entries are removed.
 *
 * @throws {ConfigError} When there is no list, the entry is not valid, or the list is full or damaged.
 */
export async function addDenied(
  store: DenialStore,
  entry: Denied,
  now: number = Date.now(),
): Promise<void> {
  await change(store, now, (denied) => [
    ...denied.filter((other) => !isSameParty(other, entry)),
    entry,
  ]);
}

/**
 * Removes the entry of a party. Expired entries are removed too.
 *
 * @returns Whether there was an entry in force.
 * @throws {ConfigError} When there is no list, or it is damaged.
 */
export async function removeDenied(
  store: DenialStore,
  party: DeniedParty,
  now: number = Date.now(),
): Promise<boolean> {
  let wasDenied = false;
  await change(store, now, (denied) => {
    const others = denied.filter((other) => !isSameParty(other, party));
    wasDenied = others.length < denied.length;
    return others;
  });
  return wasDenied;
}

async function change(
  store: DenialStore,
  now: number,
  edit: (denied: readonly Denied[]) => readonly Denied[],
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const text = await store.read();
    if (text === undefined) {
      throw new ConfigError(
        'denial.store',
        `${store.name} has no list. If it never had one, create it. If it had, its entries are lost: deny them again`,
      );
    }
    const { denied, writtenAt = 0 } = parse(store, text);
    // Never before the last change, whatever the clocks of two machines say.
    const next = formatList(edit(denied.filter(isInForce(now))), Math.max(now, writtenAt + 1));
    if (new TextEncoder().encode(next).length > maximumBytes) {
      throw new ConfigError(
        'denial.store',
        'the list would have more than 256 KiB: allow those whose tokens have expired, or block them at the identity provider',
      );
    }
    // What is written must be readable by every instance.
    parse(store, next);
    if (await store.replace(text, next)) return;
  }
  throw new ConfigError('denial.store', 'others change the list at the same time: try again');
}

function parse(store: DenialStore, text: string): ReturnType<typeof parseList> {
  try {
    return parseList(text);
  } catch (error) {
    if (!(error instanceof DamagedList)) throw error;
    throw new ConfigError('denial.store', `${store.name}: ${error.message}`);
  }
}

function isInForce(now: number): (denied: Denied) => boolean {
  return ({ until = Number.POSITIVE_INFINITY }) => now / 1_000 < until;
}
