import { isAbsolute } from 'node:path';
import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { isStoredKey, type KeyRecord, type StoredKey } from '../records/key-record.ts';
import { changeFile, type FileState, readState } from './key-file.ts';
import type { ApiKeyStore, ReplacedKey } from './key-store.ts';
import { createUseFile } from './use-file.ts';

/** Options for {@link createFileKeyStore}. */
export interface FileKeyStoreOptions {
  /**
   * An absolute path. The first key makes the file, with mode 0600. The days of the last uses are in a second file,
   * with `.used` at the end of its name.
   */
  readonly path: string;
}

const optionChecks: Checks<FileKeyStoreOptions> = { path: check.text };

interface Snapshot extends FileState {
  readonly byDigest: ReadonlyMap<string, StoredKey>;
}

/**
 * Keeps records of keys in a JSON file, for processes on one machine. Each change replaces the whole file in one
 * step, and every process reads the new one without a restart. It is not for network file systems.
 *
 * @throws {ConfigError} When the path is not absolute.
 */
export function createFileKeyStore(given: FileKeyStoreOptions): ApiKeyStore {
  const { path } = checkOptions('apiKeyFile', given, optionChecks);
  if (!isAbsolute(path)) throw new ConfigError('apiKeyFile.path', 'must be an absolute path');
  const uses = createUseFile(`${path}.used`);
  let snapshot: Snapshot | undefined;
  let reading: Promise<Snapshot> | undefined;

  async function read(): Promise<Snapshot> {
    const state = await readState(path, snapshot);
    if (state === undefined) {
      throw new AuthError('upstream_unavailable', {
        detail: `API keys: ${path} does not exist. Make the first key: sallyport keys create`,
      });
    }
    if (state === snapshot) return snapshot;
    const keys = parseKeys(path, state.text);
    snapshot = { ...state, byDigest: new Map(keys.map((key) => [key.record.digest, key])) };
    return snapshot;
  }

  function readShared(): Promise<Snapshot> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    name: 'file',
    isLocal: true,

    async find(digest) {
      return (await readShared()).byDigest.get(digest);
    },

    async list() {
      const state = await readState(path, undefined);
      const days = await uses.read();
      const keys = state === undefined ? [] : parseKeys(path, state.text);
      return keys.map((key) => {
        const usedOn = days.get(key.record.id);
        return { ...key, ...(usedOn !== undefined && { usedOn }) };
      });
    },

    async add(record, replaced) {
      await changeFile(path, (text) => {
        const keys = text === undefined ? [] : parseKeys(path, text);
        return writeKeys([...endReplaced(path, keys, replaced), { record }]);
      });
    },

    async revoke(id, at) {
      let isThere = false;
      await changeFile(path, (text) => {
        const keys = text === undefined ? [] : parseKeys(path, text);
        isThere = keys.some(({ record }) => record.id === id);
        const revoked = keys.map((key) =>
          key.record.id === id ? { ...key, revokedAt: key.revokedAt ?? at } : key,
        );
        return isThere ? writeKeys(revoked) : undefined;
      });
      return isThere;
    },

    touch: uses.touch,
    close: uses.close,
  };
}

function endReplaced(
  path: string,
  keys: readonly StoredKey[],
  replaced: ReplacedKey | undefined,
): readonly StoredKey[] {
  if (replaced === undefined) return keys;
  const { id, endsAt } = replaced;
  const isThere = keys.some(({ record, revokedAt }) => record.id === id && revokedAt === undefined);
  if (!isThere) {
    const detail = `API keys: ${path} has no key ${id} that is not revoked`;
    throw new AuthError('upstream_unavailable', { detail });
  }
  return keys.map((key) =>
    key.record.id === id
      ? { ...key, endsAt: Math.min(endsAt, key.endsAt ?? Number.POSITIVE_INFINITY) }
      : key,
  );
}

interface KeyFile {
  readonly version: 1;
  readonly keys: readonly unknown[];
}

function parseKeys(path: string, text: string): readonly StoredKey[] {
  const { version, keys } = parse(path, text);
  if (version !== 1 || !Array.isArray(keys)) {
    throw new AuthError('upstream_unavailable', { detail: `API keys: ${path} is no file of keys` });
  }
  return keys.map((key, index) => {
    if (isStoredKey(key)) return key;
    const detail = `API keys: record ${index + 1} of ${path} cannot be read`;
    throw new AuthError('upstream_unavailable', { detail });
  });
}

function parse(path: string, text: string): Partial<KeyFile> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The text of a SyntaxError quotes the file.
    throw new AuthError('upstream_unavailable', { detail: `API keys: ${path} is no JSON` });
  }
}

function writeKeys(keys: readonly { readonly record: KeyRecord }[]): string {
  const file: KeyFile = { version: 1, keys };
  return `${JSON.stringify(file, null, 2)}\n`;
}
