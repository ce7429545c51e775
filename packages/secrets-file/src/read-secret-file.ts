import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileFault } from './event.ts';

/** What a file held. */
export interface FileText {
  readonly text: string;
  readonly version: string;
  readonly storedBytes: number;
  readonly usedBytes: number;
  /** Another file at the same path has another one. */
  readonly identity: string;
  /** A link leads to it, as Kubernetes mounts files: it is replaced as a whole. */
  readonly isLinked: boolean;
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** What reading a file came to. */
export type FileReading = FileText | { readonly fault: FileFault; readonly detail: string };

const longest = 65_536;
// Kubernetes may swap the link during the reading: its former target is gone then.
const attempts = 3;
// A FIFO or a device at the path must not block the thread that opens it.
const flags = constants.O_RDONLY | constants.O_NONBLOCK;
// Only Linux has it.
const linksToOpenFiles = '/proc/self/fd';

/**
 * Reads a regular file below the directory, wherever links lead that stay below it. Never rejects.
 *
 * The path is checked before the file is opened, and again after: it may have been swapped in between.
 *
 * @param openFiles Folder in which the system has a link to each open file. It need not exist.
 */
export async function readSecretFile(
  directory: string,
  name: string,
  openFiles: string = linksToOpenFiles,
): Promise<FileReading> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const base = await realpath(directory);
      const path = await realpath(join(base, name));
      if (!path.startsWith(base + sep)) return outside;
      if (!(await stat(path)).isFile()) return noFile;
      const handle = await open(path, flags);
      try {
        const openedPath = await pathOf(handle, path, openFiles);
        if (!openedPath.startsWith(base + sep)) return outside;
        return await readHandle(handle, path !== join(base, name));
      } finally {
        await handle.close();
      }
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && attempt < attempts) continue;
      return toFault(code);
    }
  }
}

const outside: FileReading = { fault: 'outside', detail: 'it leads out of the directory' };
const noFile: FileReading = {
  fault: 'no_file',
  detail: 'it is not a regular file: name a file in the directory, such as latest',
};

/** Where the open file is. Linux says it exactly. */
async function pathOf(handle: FileHandle, path: string, openFiles: string): Promise<string> {
  try {
    return await readlink(`${openFiles}/${handle.fd}`);
  } catch {
    const [now, opened] = [await realpath(path), await handle.stat()];
    const there = await stat(now);
    return there.dev === opened.dev && there.ino === opened.ino ? now : '';
  }
}

async function readHandle(handle: FileHandle, isLinked: boolean): Promise<FileReading> {
  const stats = await handle.stat();
  if (!stats.isFile()) return noFile;
  if (stats.size > longest)
    return { fault: 'too_long', detail: `it has more than ${longest} bytes` };
  const bytes = await readBytes(handle);
  if (bytes.length > longest)
    return { fault: 'too_long', detail: `it has more than ${longest} bytes` };
  let stored: string;
  try {
    stored = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { fault: 'not_text', detail: 'it is no UTF-8: store bytes in base64' };
  }
  // `echo x > file` writes one by accident.
  const text = stored.replace(/\r?\n$/, '');
  if (text.trim() === '') return { fault: 'empty', detail: 'it is empty' };
  return {
    text,
    version: stats.mtime.toISOString(),
    storedBytes: bytes.length,
    usedBytes: Buffer.byteLength(text),
    identity: `${stats.dev}:${stats.ino}`,
    isLinked,
    writtenAt: stats.mtimeMs,
  };
}

/** The file may grow while it is read. */
async function readBytes(handle: FileHandle): Promise<Uint8Array> {
  const bytes = Buffer.alloc(longest + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function toFault(code: string): FileReading {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { fault: 'not_found', detail: 'there is no such file' };
    case 'EACCES':
    case 'EPERM':
      return {
        fault: 'access_denied',
        detail: 'it may not be read: allow its user, or set fsGroup',
      };
    default:
      return { fault: 'unreadable', detail: `it cannot be read (${code})` };
  }
}
