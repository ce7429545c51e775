import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../usage-error.ts';

/**
 * Reads a file of a client. `undefined` where there is none.
 *
 * @throws {UsageError} When it cannot be read.
 */
export function readFileIfThere(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read (${code}), so nothing is changed.`);
  }
}

/**
 * Replaces a file in one step: a reader sees the old file or the new one. Its mode stays, and a link
 * stays a link.
 *
 * @throws {UsageError} When it cannot be written. The file is then as it was.
 */
export function replaceFile(path: string, text: string): void {
  let draft: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const target = resolveLink(path);
    draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    chmodSync(draft, modeOf(target));
    renameSync(draft, target);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path} cannot be written (${code}). It is as it was.`);
  }
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode & 0o777;
  } catch {
    return 0o644;
  }
}
