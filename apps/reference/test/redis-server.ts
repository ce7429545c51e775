/** A real Redis with TLS and a user of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { certificate } from './certificate.ts';
import { findFreePort } from './free-port.ts';

/** Whether there is a program to run. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).error === undefined;

export interface RedisServer {
  /** With the name and the password of the user. */
  readonly url: string;
  /** The file of the certificate. */
  readonly authority: string;
  stop(): Promise<void>;
}

const password = 'w4Bn8Rk2Tz6Vq9Lm3Xc7';

/** @param rules What the user may do, such as `~sallyport:dpop:* +set +info`. */
export async function startRedis(rules: string): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(authority, certificate.cert);
  await writeFile(key, certificate.key);
  const file = join(folder, 'redis.conf');
  await writeFile(
    file,
    [
      `port 0`,
      `tls-port ${port}`,
      `bind 127.0.0.1`,
      `dir ${folder}`,
      `tls-cert-file ${authority}`,
      `tls-key-file ${key}`,
      `tls-auth-clients no`,
      `save ""`,
      `user default off`,
      `user notes on >${password} resetchannels -@all ${rules}`,
    ].join('\n'),
  );
  const child: ChildProcess = spawn('redis-server', [file], { stdio: 'ignore' });
  while (!(await isThere(port))) await sleep(20);
  return {
    url: `rediss://notes:${password}@localhost:${port}`,
    authority,
    async stop() {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isThere(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost', ca: certificate.cert }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
}
