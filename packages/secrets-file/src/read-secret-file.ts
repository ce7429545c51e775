import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileFault } from './event.ts';

/** What reading a file came to. */
export type FileReading =
  | {
      readonly text: string;
      readonly version: string;
      readonly storedBytes: number;
      readonly usedBytes: number;
    }
  | { readonly fault: FileFault; readonly detail: string };

const longest = 65_536;
// Kubernetes swaps a link while somebody reads: what it led to a moment ago is gone.
const attempts = 3;

/** Reads a file below the directory, wherever links lead that stay below it. Never rejects. */
export async function readSecretFile(directory: string, name: string): Promise<FileReading> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const base = await realpath(directory);
      const path = await realpath(join(base, name));
      if (!path.startsWith(base + sep)) {
        return { fault: 'outside', detail: 'it leads out of the directory' };
      }
      const handle = await open(path, 'r');
      try {
        return await readHandle(handle);
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

async function readHandle(handle: FileHandle): Promise<FileReading> {
  const { size, mtime } = await handle.stat().then((stats) => {
    if (!stats.isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
    return stats;
  });
  if (size > longest) return { fault: 'too_long', detail: `it has more than ${longest} bytes` };
  const bytes = await handle.readFile();
  let stored: string;
  try {
    stored = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { fault: 'not_text', detail: 'it is no UTF-8: store bytes in base64' };
  }
  // `echo x > file` writes one that nobody means.
  const text = stored.replace(/\r?\n$/, '');
  if (text.trim() === '') return { fault: 'empty', detail: 'it is empty' };
  return {
    text,
    version: mtime.toISOString(),
    storedBytes: bytes.length,
    usedBytes: Buffer.byteLength(text),
  };
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
    case 'EISDIR':
      return { fault: 'no_file', detail: 'it is no file: name the one in it, such as latest' };
    default:
      return { fault: 'unreadable', detail: `it cannot be read (${code})` };
  }
}
