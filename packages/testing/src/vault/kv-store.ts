/** A KV engine, version 2. */

/** What a version holds. */
export type Fields = Readonly<Record<string, unknown>>;

/** A version with its state. */
export interface StoredVersion {
  /** `undefined` when it was destroyed. */
  fields: Fields | undefined;
  readonly createdAt: string;
  /** Empty when it was not deleted. */
  deletedAt: string;
  readonly number: number;
}

/** All secrets of one mount, by path. */
export interface KvStore {
  put(path: string, fields: Fields): number;
  /** `undefined` when there is no such secret, or no such version. Version 0 is the newest. */
  find(path: string, version: number): StoredVersion | undefined;
  remove(path: string): void;
}

/** Creates an engine that holds nothing. */
export function createKvStore(now: () => number): KvStore {
  const secrets = new Map<string, StoredVersion[]>();

  return {
    put(path, fields) {
      const versions = secrets.get(path) ?? [];
      const number = versions.length + 1;
      const createdAt = new Date(now()).toISOString();
      versions.push({ fields: { ...fields }, createdAt, deletedAt: '', number });
      secrets.set(path, versions);
      return number;
    },

    find(path, version) {
      const versions = secrets.get(path) ?? [];
      return version === 0 ? versions.at(-1) : versions[version - 1];
    },

    remove(path) {
      secrets.delete(path);
    },
  };
}
