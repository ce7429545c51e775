/** A real Redis that is killed and started again. What it confirmed survives, as the documentation asks of operators. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { trusted } from '@sallyport/test-parts/certificates';
import { findFreePort } from '@sallyport/test-parts/free-port';

/** Whether there is a program to run. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).error === undefined;

export interface RedisServer {
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  /** With the name and the password of the user, if there is one. */
  readonly url: string;
  /** The file of the certificate. */
  readonly authority: string;
  /** Resolves when Redis has loaded what it wrote. */
  start(): Promise<void>;
  /** With SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface RedisOptions {
  /** What its only user may do, such as `~sallyport:dpop:* +set +info`. It then has TLS. Default: everybody may do everything. */
  readonly rules?: string;
  /** Kills it. */
  readonly signal?: AbortSignal;
}

const password = 'w4Bn8Rk2Tz6Vq9Lm3Xc7';

export async function startRedis({ rules, signal }: RedisOptions = {}): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(authority, trusted.cert);
  await writeFile(key, trusted.key);
  const file = join(folder, 'redis.conf');
  // Not the host of other servers: the address is a secret, and no line of a log may have a part of it.
  const host = rules === undefined ? '127.0.0.2' : '127.0.0.1';
  const listening =
    rules === undefined
      ? [`port ${port}`]
      : [
          ...[`port 0`, `tls-port ${port}`, `tls-auth-clients no`],
          ...[`tls-cert-file ${authority}`, `tls-key-file ${key}`],
          ...[`user default off`, `user notes on >${password} resetchannels -@all ${rules}`],
        ];
  const durable = ['save ""', 'appendonly yes', 'appendfsync always'];
  await writeFile(file, [...listening, ...durable, `bind ${host}`, `dir ${folder}`].join('\n'));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const ends = { killSignal: 'SIGKILL', ...(signal && { signal }) } as const;
    child = spawn('redis-server', [file], { stdio: 'ignore', ...ends });
    child.on('error', () => {});
    while (!(await answers(host, port, rules !== undefined))) {
      await sleep(20, undefined, { ...(signal && { signal }) });
    }
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    child = undefined;
  }

  await start();
  return {
    ...{ host, port, authority, start, kill },
    url:
      rules === undefined
        ? `redis://${host}:${port}`
        : `rediss://notes:${password}@localhost:${port}`,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether it answers, if only that nobody is signed in: while it loads, it says so. */
function answers(host: string, port: number, isSecure: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const ask = (): void => void socket.write('PING\r\n');
    const socket = isSecure
      ? connectTls({ port, host, servername: 'localhost', ca: trusted.cert }, ask)
      : connect(port, host, ask);
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (bytes) => {
      resolve(/^(?:\+PONG|-NOAUTH)/.test(`${bytes}`));
      socket.destroy();
    });
  });
}
