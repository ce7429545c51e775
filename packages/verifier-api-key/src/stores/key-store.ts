/** The contract between keys and where their records are. */
import { type Check, check } from '@sallyport/core';
import type { KeyRecord, StoredKey, UnreadableKey } from '../records/key-record.ts';

/** A change to another key in the same step. */
export interface ReplacedKey {
  readonly id: string;
  /** When the replaced key ends, in seconds since the epoch. It never ends later than before. */
  readonly endsAt: number;
}

/**
 * Where the records of keys are. Every method rejects with `upstream_unavailable` when the store cannot be
 * read or written. No method sees a key.
 */
export interface ApiKeyStore {
  /** `file` or `redis`, for events. */
  readonly name: string;
  /** Whether a look-up uses no network. */
  readonly isLocal: boolean;
  /** @returns `undefined` only when the store answered that there is no such record. */
  find(digest: string): Promise<StoredKey | UnreadableKey | undefined>;
  list(): Promise<readonly StoredKey[]>;
  /** Adds a record, and ends the key that it replaces, in one step. */
  add(record: KeyRecord, replaced?: ReplacedKey): Promise<void>;
  /**
   * Revokes a key for good.
   *
   * @param at Seconds since the epoch.
   * @returns Whether there is such a key.
   */
  revoke(id: string, at: number): Promise<boolean>;
  /** Notes the day on which a key was used. */
  touch(id: string, day: string): Promise<void>;
  /** Writes what is not written yet. */
  close?(): Promise<void>;
}

/** The run-time check of an option `store`. */
export const storeCheck: Check = check.shape('a store of API keys', {
  name: 'string',
  find: 'function',
  list: 'function',
  add: 'function',
  revoke: 'function',
  touch: 'function',
});
