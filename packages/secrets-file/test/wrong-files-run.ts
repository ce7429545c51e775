/** The main module of a process: a wrong file in the place of each secret, before and after a good one. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAuthError } from '@sallyport/core';
import { createFileSecrets, type FileSecretsEvent } from '../src/index.ts';

const link = (target: string) => (path: string) => symlink(target, path);
const file = (content: string | Uint8Array) => (path: string) => writeFile(path, content);
/** A file of which nothing is stored but its size. */
const sparse = (bytes: number) => async (path: string) => {
  await writeFile(path, '');
  await truncate(path, bytes);
};
const sockets: ReturnType<typeof createServer>[] = [];

const wrongFiles: Readonly<Record<string, (path: string) => unknown>> = {
  'no file': () => {},
  'an empty file': file(''),
  'white space': file(' \n\t\n'),
  'bytes that are no UTF-8': file(Buffer.of(0xff, 0xfe, 0x41)),
  'UTF-16': file(Buffer.from('\ufeffsecret', 'utf16le')),
  'a file of 65,537 bytes': file('x'.repeat(65_537)),
  'a file of 10 GB': sparse(10_000_000_000),
  'a file that this user may not read': async (path) => {
    await writeFile(path, 'secret');
    await chmod(path, 0);
  },
  'a directory': (path) => mkdir(path),
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a link to a FIFO': async (path) => {
    await rm(`${path}-fifo`, { force: true });
    execFileSync('mkfifo', [`${path}-fifo`]);
    await symlink(`${path}-fifo`, path);
  },
  'a socket': async (path) => {
    const server = createServer().listen(path);
    sockets.push(server);
    await once(server, 'listening');
  },
  'a link to itself': link('key'),
  'a link to nothing': link('nowhere'),
  'a link out of the directory': link('/etc/hostname'),
  'a link to a device without an end': link('/dev/zero'),
  'a link to a terminal': link('/dev/tty'),
  'a link to standard input': link('/dev/stdin'),
  'a link to memory': link('/proc/self/mem'),
  'a link to the environment': link('/proc/self/environ'),
  'a link to the directory': link('.'),
};

async function put(path: string, arrange: (path: string) => unknown): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await arrange(path);
}

async function tryFile(directory: string, name: string): Promise<Record<string, unknown>> {
  const path = join(directory, name, 'key');
  const arrange = wrongFiles[name] ?? (() => {});
  const events: FileSecretsEvent[] = [];
  const provider = createFileSecrets({
    directory: join(directory, name),
    onEvent: (event) => events.push(event),
    wait: (_milliseconds, signal) => sleep(10, undefined, { signal, ref: false }),
  });
  const read = () =>
    provider.get('key', { signal: new AbortController().signal }).then(
      (lookup) => (lookup.found ? lookup.secret.reveal() : 'absent'),
      (error: unknown) => (isAuthError(error) ? error.code : String(error)),
    );
  const until = async (wanted: string) => {
    const startedAt = performance.now();
    while ((await read()) !== wanted && performance.now() - startedAt < 5_000) await sleep(10);
    return read();
  };
  await put(path, arrange);
  const first = await read();
  await put(path, file('the-first-secret'));
  const recovered = await until('the-first-secret');
  await put(path, arrange);
  await sleep(50);
  const kept = await read();
  const stale = events.at(-1);
  const why = stale?.type === 'secret_stale' ? stale.fault : 'nothing was said';
  await put(path, file('the-second-secret'));
  const recoveredAgain = await until('the-second-secret');
  await provider.close();
  return { first, recovered, kept, why, recoveredAgain };
}

// Root may read everything.
const isRoot = process.geteuid?.() === 0;
if (isRoot) process.seteuid?.('nobody');
const directory = await mkdtemp(join(tmpdir(), 'wrong-'));
const names = Object.keys(wrongFiles);
const outcomes = await Promise.all(names.map((name) => tryFile(directory, name)));
for (const server of sockets) server.close();
await rm(directory, { recursive: true, force: true });
if (isRoot) process.seteuid?.(0);
process.send?.(Object.fromEntries(names.map((name, index) => [name, outcomes[index]])));
process.disconnect?.();
