/** Reads a token from the file that a cluster or a Vault Agent writes. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FaultyReading } from '@sallyport/cached-secrets';
import type { Secret } from '@sallyport/core';
import { readToken } from './token-text.ts';

const longestBytes = 65_536;
// A FIFO or a device at the path must not block the thread that opens it (CASE-64).
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** Never rejects. The path may be a link, because Kubernetes mounts files as links. */
export async function readTokenFile(path: string): Promise<Secret | FaultyReading> {
  try {
    const handle = await open(path, flags);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return missing(`${path} is not a regular file`);
      if (stats.size > longestBytes) return missing(`${path} has more than ${longestBytes} bytes`);
      const token = readToken(await handle.readFile('utf8'));
      return token ?? missing(`${path} holds no token`);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code = 'it failed' } = Object(error) as { readonly code?: unknown };
    return missing(`${path} cannot be read: ${code}`);
  }
}

function missing(detail: string): FaultyReading {
  return { fault: 'credentials_missing', detail };
}
