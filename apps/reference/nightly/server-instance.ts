/** One process of the reference server, and what it said about Redis. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { ask } from '@sallyport/test-parts/steady-load';
import { type AloneTime, readAlone } from '../test/chaos/alone.ts';

export interface ServerInstance {
  readonly port: number;
  /** When this instance counted calls without Redis. */
  stop(): Promise<readonly AloneTime[]>;
}

const program = fileURLToPath(new URL('../dist/start.js', import.meta.url));

/**
 * Resolves when the server answers.
 *
 * @param signal Kills the process.
 */
export async function startInstance(
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ServerInstance> {
  const port = await findFreePort();
  const env = { PATH: process.env['PATH'], ENVIRONMENT: 'development', PORT: `${port}` };
  const folder = await mkdtemp(join(tmpdir(), 'instance-'));
  const log = join(folder, 'log');
  const file = await open(log, 'w');
  // In a file: to read 300 lines per second would keep this process from asking in time.
  const child = spawn(process.execPath, [program], {
    env: { ...env, ...variables },
    stdio: ['ignore', file.fd, 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {});
  const ended = once(child, 'close');
  await file.close();
  while ((await ask({ port, path: '/health' })).result !== 200) {
    if (child.exitCode !== null) throw new Error(`an instance ended with ${child.exitCode}`);
    await sleep(50, undefined, { signal });
  }
  return {
    port,

    async stop() {
      child.kill('SIGTERM');
      await ended;
      const lines = (await readFile(log, 'utf8')).split('\n');
      await rm(folder, { recursive: true, force: true });
      return readAlone(lines);
    },
  };
}
