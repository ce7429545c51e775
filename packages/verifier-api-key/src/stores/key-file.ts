/** One file that several processes read and write: whole or not at all, and for its owner alone. */
import { randomBytes } from 'node:crypto';
import {
  type FileHandle,
  link,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthError } from '@sallyport/core';

/** What tells one state of a file from the next. */
export interface FileState {
  readonly version: string;
  readonly text: string;
}

const largestBytes = 16 * 1_048_576;
const ownerOnly = 0o600;
const lockWaitMs = 5_000;
// The work under a lock takes milliseconds. A process that was killed never ends its own.
const lockEndsMs = 10_000;

/** @returns `undefined` where there is no file. */
export async function readState(
  path: string,
  known: FileState | undefined,
): Promise<FileState | undefined> {
  try {
    const version = await versionOf(path);
    if (version === known?.version) return known;
    return { version, text: await readFile(path, 'utf8') };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fault(path, 'cannot be read', error);
  }
}

/** The inode changes when another file takes the name, so that no clock decides. */
async function versionOf(path: string): Promise<string> {
  const { ino, mtimeNs, ctimeNs, size } = await stat(path, { bigint: true });
  if (size > largestBytes) {
    throw new AuthError('upstream_unavailable', {
      detail: `API keys: ${path} is larger than ${largestBytes} bytes`,
    });
  }
  return [ino, mtimeNs, ctimeNs, size].join(':');
}

/**
 * Replaces the text of a file. No other process that uses this function changes it meanwhile.
 *
 * @param change Gets the text, or `undefined` where there is no file. `undefined`: nothing changes.
 */
export async function changeFile(
  path: string,
  change: (text: string | undefined) => string | undefined,
): Promise<void> {
  const target = await targetOf(path);
  const unlock = await lock(`${target}.lock`);
  try {
    const next = change((await readState(target, undefined))?.text);
    if (next !== undefined) await replace(target, next);
  } finally {
    await unlock();
  }
}

/** Where a link leads, so that the link stays. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  let file: FileHandle | undefined;
  try {
    file = await open(draft, 'wx', ownerOnly);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(draft, { force: true });
    throw fault(path, 'cannot be written', error);
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  const endsAt = performance.now() + lockWaitMs;
  for (;;) {
    try {
      await (await open(path, 'wx', ownerOnly)).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw fault(path, 'cannot be made', error);
    }
    if (performance.now() >= endsAt)
      throw fault(path, 'is there: another process writes', undefined);
    await removeLeftover(path);
    await sleep(20);
  }
}

async function removeLeftover(path: string): Promise<void> {
  if (!(await isLeftover(path))) return;
  // Takes the name away first: of two processes that find the same leftover, one succeeds.
  const taken = `${path}.${randomBytes(6).toString('hex')}`;
  await rename(path, taken).catch(() => {});
  // The other one was faster, and this is its lock.
  if (!(await isLeftover(taken))) await link(taken, path).catch(() => {});
  await rm(taken, { force: true });
}

async function isLeftover(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > lockEndsMs;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function fault(path: string, problem: string, cause: unknown): AuthError {
  if (cause instanceof AuthError) return cause;
  const code = cause === undefined ? '' : ` (${codeOf(cause) ?? 'unknown reason'})`;
  return new AuthError('upstream_unavailable', {
    detail: `API keys: ${path} ${problem}${code}`,
    cause,
  });
}
