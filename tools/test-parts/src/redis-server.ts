import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { Redis } from 'ioredis';
import { trusted } from './certificates.ts';
import { findFreePort } from './free-port.ts';

/** Whether `redis-server` is on the PATH. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis on a free port of 127.0.0.1. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** The file with the certificate of a server with TLS. */
  readonly authority: string;
  /** Sends a command over its own connection. */
  send(command: string, ...words: string[]): Promise<unknown>;
  /** Kills it with SIGKILL. Without `--appendonly`, all data is lost. */
  kill(): Promise<void>;
  /** Starts it on the same port after `kill`. Resolves when it answers. */
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/**
 * @param flags Added to the command line, such as `['--appendonly', 'yes']`.
 * @param options With `tls`, it serves TLS alone, with the certificate `trusted`.
 */
export async function startRedis(
  flags: readonly string[] = [],
  { tls = false } = {},
): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(authority, trusted.cert);
  await writeFile(key, trusted.key);
  const options = [
    ...(tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]),
    ...(tls
      ? ['--tls-cert-file', authority, '--tls-key-file', key, '--tls-auth-clients', 'no']
      : []),
    ...['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--loglevel', 'warning', ...flags],
  ];
  const url = `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`;
  const admin = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 20,
    ...(tls && { tls: { ca: trusted.cert } }),
  });
  admin.on('error', () => {});
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn('redis-server', options, { stdio: 'ignore' });
    while (!(await isReady(port, tls))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await sleep(10);
    }
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
    url,
    authority,
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

function isReady(port: number, tls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const address = { port, host: '127.0.0.1' };
    const socket = tls ? connectTls({ ...address, ca: trusted.cert }) : createConnection(address);
    // A server that still loads its data answers with another error than NOAUTH.
    socket.once('data', (answer) => {
      resolve(/^(\+PONG|-NOAUTH)/.test(String(answer)));
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.write('PING\r\n');
  });
}
