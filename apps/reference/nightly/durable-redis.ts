/** A real Redis that is killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../test/free-port.ts';

export interface DurableRedis {
  readonly url: string;
  /** Resolves when Redis has loaded what it wrote. */
  start(): Promise<void>;
  /** With SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

// Not that of the servers: the address is a secret, and no line of a log may have a part of it.
const host = '127.0.0.2';

/**
 * Every write survives a kill, as the documentation asks of operators who keep revocations in Redis.
 *
 * @param signal Kills it.
 */
export async function startDurableRedis(signal: AbortSignal): Promise<DurableRedis> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = ['--port', `${port}`, '--bind', host, '--dir', folder, '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
    child = spawn('redis-server', [...options, ...durable], {
      stdio: 'ignore',
      signal,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => {});
    while (!(await answers(port))) await sleep(20, undefined, { signal });
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
    url: `redis://${host}:${port}`,
    start,
    kill,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write('PING\r\n'));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (bytes) => {
      resolve(`${bytes}`.startsWith('+PONG'));
      socket.destroy();
    });
  });
}
