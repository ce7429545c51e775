/** A real Redis that tests kill, freeze and start again. */
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

/** A real Redis on a free port. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** With the name and the password of the user, if there is one. */
  readonly url: string;
  /** The file with the certificate of a server with TLS. */
  readonly authority: string;
  /** Sends a command over its own connection. */
  send(command: string, ...words: string[]): Promise<unknown>;
  /** Kills it with SIGKILL. Unless it is durable, all data is lost. */
  kill(): Promise<void>;
  /** Starts it on the same port after `kill`. Resolves when it answers. */
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Options for {@link startRedis}. */
export interface RedisOptions {
  /** An address of this machine. Default 127.0.0.1. */
  readonly host?: string;
  /** Serves TLS alone, with the certificate `trusted`. Default false. */
  readonly isSecure?: boolean;
  /** Writes every change to disk before it confirms it. Default false. */
  readonly isDurable?: boolean;
  /** What its only user may do, such as `~sallyport:dpop:* +set +info`. Default: everybody may do everything. */
  readonly rules?: string;
  /** Further words of the command line, such as `['--cluster-enabled', 'yes']`. */
  readonly flags?: readonly string[];
  /** Kills it. */
  readonly signal?: AbortSignal;
}

const password = 'w4Bn8Rk2Tz6Vq9Lm3Xc7';

/** Starts a Redis. Its folder is new, and `stop` removes it. */
export async function startRedis({
  host = '127.0.0.1',
  isSecure = false,
  isDurable = false,
  rules,
  flags = [],
  signal,
}: RedisOptions = {}): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(authority, trusted.cert);
  await writeFile(key, trusted.key);
  const words = [
    ...['--bind', host, '--dir', folder, '--save', '', '--loglevel', 'warning'],
    ...['--port', isSecure ? '0' : `${port}`],
    ...(isSecure ? ['--tls-port', `${port}`, '--tls-auth-clients', 'no'] : []),
    ...(isSecure ? ['--tls-cert-file', authority, '--tls-key-file', key] : []),
    ...(isDurable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
    ...(rules === undefined ? [] : ['--user', 'default', 'off']),
    ...(rules === undefined ? [] : ['--user', ...userWords(rules)]),
    ...flags,
  ];
  const user = rules === undefined ? '' : `tester:${password}@`;
  const url = `${isSecure ? 'rediss' : 'redis'}://${user}${host}:${port}`;
  const admin = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 20,
    ...(isSecure && { tls: { ca: trusted.cert } }),
  });
  admin.on('error', () => {});
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const ends = { killSignal: 'SIGKILL', ...(signal && { signal }) } as const;
    child = spawn('redis-server', words, { stdio: 'ignore', ...ends });
    child.on('error', () => {});
    while (!(await isReady({ host, port }, isSecure))) {
      if (!isRunning(child)) throw new Error(`redis-server did not start: ${child.exitCode}`);
      await sleep(10, undefined, { ...(signal && { signal }) });
    }
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || !isRunning(ending)) return;
    const exited = once(ending, 'exit');
    ending.kill('SIGKILL');
    await exited;
  }

  await start();
  return {
    ...{ host, port, url, authority, kill, start },
    send: (command, ...others) => admin.call(command, ...others),
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async stop() {
      admin.disconnect();
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

const userWords = (rules: string): readonly string[] => [
  ...['tester', 'on', `>${password}`, 'resetchannels', '-@all'],
  ...rules.split(' '),
];

function isReady(
  address: { readonly host: string; readonly port: number },
  isSecure: boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = isSecure
      ? connectTls({ ...address, ca: trusted.cert })
      : createConnection(address);
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
