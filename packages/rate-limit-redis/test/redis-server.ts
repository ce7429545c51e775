import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Whether there is a program to run. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** A real server, on a free port of 127.0.0.1, that writes nothing to disk. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Sends a command over a connection of its own. */
  send(command: string, ...words: string[]): Promise<unknown>;
  /** SIGKILL: everything it knew is gone. */
  kill(): Promise<void>;
  /** After `kill`, on the same port. Resolves when it answers. */
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** @param flags More of them for the program. */
export async function startRedis(flags: readonly string[] = []): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const admin = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 20 });
  admin.on('error', () => {});
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = [
      ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--loglevel', 'warning', ...flags],
    ];
    child = spawn('redis-server', options, { stdio: 'ignore' });
    if (admin.status === 'wait') await admin.connect().catch(() => {});
    while ((await admin.ping().catch(() => undefined)) !== 'PONG') await sleep(10);
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    child = undefined;
  }

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    send: (command, ...words) => admin.call(command, ...words),
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async stop() {
      admin.disconnect();
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
