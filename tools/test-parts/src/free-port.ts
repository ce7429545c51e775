import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Systems hand out ports from 32,768 on, for every connection and every server without a wish. A port from
// there can be gone before its server starts, or while a test has its server away.
const [lowest, above] = [11_000, 32_000];
const attempts = 100;

/** A port that is free, and that only another call of this function is likely to take. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, above);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port in ${attempts} attempts`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
