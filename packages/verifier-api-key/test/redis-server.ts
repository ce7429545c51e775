import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '@sallyport/rate-limit-redis';
import { trusted } from './certificate.ts';

/** Whether there is a program to run. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

type Client = Awaited<ReturnType<typeof connectRedis>>;

/** A real server, with TLS, whose data outlives it. */
export interface RedisServer {
  /** With the password of the user `default`. */
  readonly url: string;
  /** As another user. */
  urlOf(user: string, password: string): string;
  /** The caller ends it. */
  connect(url?: string): Promise<Client>;
  /** SIGKILL. What was written is on disk. */
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.cert, trusted.cert);
  await writeFile(files.key, trusted.key);
  const words = [
    ...['--port', '0', '--tls-port', `${port}`, '--bind', '127.0.0.1', '--dir', folder],
    ...['--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-auth-clients', 'no'],
    ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--loglevel', 'warning'],
  ];
  const url = `rediss://127.0.0.1:${port}`;
  const connect = (to = url) =>
    connectRedis({ url: to, tls: { ca: trusted.cert }, timeoutSeconds: 2 });
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn('redis-server', words, { stdio: 'ignore' });
    const probe = await connect();
    while ((await probe.ping().catch(() => undefined)) !== 'PONG') await sleep(10);
    probe.disconnect();
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
    url,
    urlOf: (user, password) => `rediss://${user}:${password}@127.0.0.1:${port}`,
    connect,
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async stop() {
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
