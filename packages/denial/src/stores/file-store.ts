import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { type DenialStore, maximumBytes } from './denial-store.ts';

/** Options for {@link createFileDenialStore}. */
export interface FileDenialStoreOptions {
  /** The file with the list: an absolute path. All instances must see the same file. */
  readonly path: string;
}

const optionChecks: Checks<FileDenialStoreOptions> = { path: check.text };

const lockAttempts = 40;
const lockPauseMs = 50;
/** A writer that died leaves its lock. */
const staleLockMs = 10_000;

/**
 * Keeps the list in a file. A change replaces the file as a whole, so no reader sees a part of it.
 *
 * @throws {ConfigError} When the path is not absolute.
 */
export function createFileDenialStore(given: FileDenialStoreOptions): DenialStore {
  const { path } = checkOptions('denial.file', given, optionChecks);
  if (!isAbsolute(path)) throw new ConfigError('denial.file.path', 'must be an absolute path');

  async function read(): Promise<string | undefined> {
    const file = await unlessMissing(open(path, 'r'));
    if (file === undefined) return undefined;
    try {
      const buffer = Buffer.alloc(maximumBytes + 1);
      let length = 0;
      for (let bytes = -1; bytes !== 0 && length < buffer.length; length += bytes) {
        ({ bytesRead: bytes } = await file.read(buffer, length, buffer.length - length, length));
      }
      if (length > maximumBytes) throw new RangeError('too many bytes');
      const bytes = buffer.subarray(0, length);
      if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8');
      return bytes.toString();
    } finally {
      await file.close();
    }
  }

  return {
    name: path,
    read,

    async replace(expected, next) {
      // A mounted file is a link, which must stay one.
      const target = (await unlessMissing(realpath(path))) ?? path;
      const unlock = await lock(`${target}.lock`);
      try {
        if ((await read()) !== expected) return false;
        const mode = (await unlessMissing(stat(target)))?.mode ?? 0o644;
        const draft = `${target}.${randomUUID()}`;
        try {
          const file = await open(draft, 'wx', mode & 0o777);
          try {
            await file.writeFile(next);
            await file.sync();
          } finally {
            await file.close();
          }
          await rename(draft, target);
        } catch (error) {
          await rm(draft, { force: true });
          throw error;
        }
        return true;
      } finally {
        await unlock();
      }
    },
  };
}

/** Waits for other writers. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await (await open(path, 'wx')).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt === lockAttempts) throw error;
      const held = await unlessMissing(stat(path));
      if (held !== undefined && Date.now() - held.mtimeMs > staleLockMs) {
        await rm(path, { force: true });
      } else {
        await sleep(lockPauseMs);
      }
    }
  }
}

async function unlessMissing<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
