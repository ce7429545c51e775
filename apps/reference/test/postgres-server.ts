/** A real PostgreSQL, in a new folder. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { trusted } from '@sallyport/test-parts/certificates';
import { findFreePort } from '@sallyport/test-parts/free-port';
import pg from 'pg';
import { initdb } from './postgres-programs.ts';

const run = promisify(execFile);

const bin = dirname(initdb);

/** Whether there are programs to run. */
export const hasPostgres: boolean = spawnSync(initdb, ['--version']).error === undefined;

/** PostgreSQL refuses to run as root. Debian's package makes a user for it. */
function findUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(`${spawnSync('id', [flag, 'postgres']).stdout}`);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export interface PostgresServer {
  /** Where it listens: `localhost` with TLS, because the certificate names it. */
  readonly host: string;
  readonly port: number;
  /** The folder of its Unix socket. */
  readonly folder: string;
  /** For a user without special rights, who owns one database. */
  readonly url: string;
  /** As a superuser. */
  query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends all its processes at once. What was confirmed is there when it starts again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const password = 'k7Yw2Rn5Xb8Vq1Mz4Lc9';
// Not that of other servers of the tests: no line of a log may have a part of it.
const host = '127.0.0.3';

/** @param isSecure Whether it offers TLS, with the certificate `trusted`. */
export async function startPostgres({ isSecure = false } = {}): Promise<PostgresServer> {
  const user = findUser();
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'pg-'));
  await chmod(folder, 0o755);
  const owned = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
    return path;
  };
  const passwordFile = await owned('password', password);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const words = ['-D', data, '-U', 'admin', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  // An encoding that cannot have every character.
  const encoding = ['-E', 'LATIN1', '--locale', 'C', '--no-sync'];
  await run(initdb, [...words, ...encoding], { ...user, cwd: folder });
  const authority = await owned('cert.pem', trusted.cert);
  const files = [
    `ssl_cert_file=${authority}`,
    `ssl_key_file=${await owned('key.pem', trusted.key)}`,
  ];
  const flags = isSecure ? ['ssl=on', ...files] : [];
  let child: ChildProcess | undefined;
  const admin = { host, port, user: 'admin', password, database: 'postgres' };

  async function query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new pg.Client({ ...admin, connectionTimeoutMillis: 30_000 });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const settings = ['fsync=off', 'max_connections=60', 'shared_buffers=16MB', ...flags];
    const options = [
      ...['-D', data, '-p', `${port}`, '-h', `${host},localhost`, '-k', folder],
      ...settings.flatMap((setting) => ['-c', setting]),
    ];
    child = spawn(join(bin, 'postgres'), options, { ...user, stdio: 'ignore', cwd: folder });
    while (!(await query('SELECT 1').catch(() => undefined))) await sleep(50);
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const ended = once(child, 'close');
    // SIGQUIT: immediate shutdown, as after a crash, without orphans.
    child.kill('SIGQUIT');
    await ended;
    child = undefined;
  }

  await start();
  await query(`CREATE ROLE notes LOGIN PASSWORD '${password}'`);
  await query('CREATE DATABASE notes OWNER notes');
  return {
    host: isSecure ? 'localhost' : host,
    port,
    folder,
    url: isSecure
      ? `postgres://notes:${password}@localhost:${port}/notes?sslmode=verify-full&sslrootcert=${authority}`
      : `postgres://notes:${password}@${host}:${port}/notes`,
    query,
    kill,
    start,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
