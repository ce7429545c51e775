import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAuthError } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileSecrets, type FileSecretsEvent } from '../src/index.ts';
import { createOneAtATime } from '../src/one-at-a-time.ts';
import { readSecretFile } from '../src/read-secret-file.ts';
import { canary, mount, swap } from './set-up.ts';

const waiting = { signal: new AbortController().signal };

function open(directory: string) {
  const events: FileSecretsEvent[] = [];
  const provider = createFileSecrets({
    directory,
    onEvent: (event) => events.push(event),
    wait: (_milliseconds, signal) => sleep(5, undefined, { signal, ref: false }),
  });
  onTestFinished(() => provider.close());
  const read = (name: string) =>
    provider.get(name, waiting).then(
      (lookup) => (lookup.found ? lookup.secret.reveal() : 'absent'),
      (error) => (isAuthError(error) ? `${error.detail}` : `${(error as Error).name}`),
    );
  return { provider, events, read };
}

describe('a file', () => {
  it('is read as Cloud Run mounts it, and as one of several', async () => {
    const { read } = open(await mount({ 'jwt-issuer/latest': 'a', key: 'b' }));

    expect([await read('jwt-issuer/latest'), await read('key')]).toEqual(['a', 'b']);
  });

  it.each(['\n', '\r\n'])('loses %j at its end, and that is said once (SEC-11)', async (end) => {
    const { read, events } = open(await mount({ key: `${canary}${end}` }));
    await read('key');

    expect(await read('key')).toBe(canary);
    expect(events.map(({ type }) => type)).toEqual(['secret_trailing_newline', 'secret_loaded']);
    expect(JSON.stringify(events)).not.toContain(canary.slice(0, 12));
  });

  it.each<[string, (directory: string) => Promise<unknown>, string]>([
    ['is empty (SEC-10)', (directory) => writeFile(join(directory, 'key'), ''), 'it is empty'],
    ['is blank (SEC-10)', (directory) => writeFile(join(directory, 'key'), ' \n'), 'it is empty'],
    [
      'is too long (SEC-12)',
      (directory) => writeFile(join(directory, 'key'), 'x'.repeat(65_537)),
      'more than 65536 bytes',
    ],
    [
      'is no text (SEC-12)',
      (directory) => writeFile(join(directory, 'key'), Buffer.from([0xff, 0xfe])),
      'no UTF-8',
    ],
    ['is a directory', (directory) => mkdir(join(directory, 'key')), 'it is not a regular file'],
    [
      'leads out of the directory (SEC-18)',
      (directory) => symlink('/etc/hostname', join(directory, 'key')),
      'leads out of the directory',
    ],
  ])('that %s is refused, and not called absent', async (_case, arrange, detail) => {
    const directory = await mount({});
    await arrange(directory);
    const { read } = open(directory);

    expect(await read('key')).toContain(detail);
  });

  it.each([
    '../key',
    'a/../../key',
    '/etc/hostname',
    '.hidden',
    'a//b',
    'a/',
    '..data/key',
    'a\nb',
    '',
  ])('cannot have the name %j (SEC-18)', async (name) => {
    const { read, provider } = open(await mount({ key: 'a' }));

    expect(await read(name)).toBe('ConfigError');
    expect(() => provider.watch(name, () => {})).toThrow('must be the path of a file');
  });
});

describe('a file that changes', () => {
  it('is in force at once (SEC-13)', async () => {
    const directory = await mount({ key: 'first' });
    const { read } = open(directory);
    await read('key');
    await writeFile(join(directory, 'key'), 'second');

    expect(await read('key')).toBe('second');
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['empty', (path) => writeFile(path, ''), 'empty'],
    ['gone', (path) => rm(path), 'not_found'],
    ['no text', (path) => writeFile(path, Buffer.from([0xc3])), 'not_text'],
  ])('and is %s for a while stays what it was (SEC-15)', async (_case, spoil, fault) => {
    const directory = await mount({ key: canary });
    const { read, events } = open(directory);
    await read('key');
    await spoil(join(directory, 'key'));

    expect(await read('key')).toBe(canary);
    expect(events.at(-1)).toMatchObject({ type: 'secret_stale', name: 'key', fault });
    await writeFile(join(directory, 'key'), 'next');
    expect(await read('key')).toBe('next');
  });

  it('is told to those who watch, and no longer when they have ended', async () => {
    const directory = await mount({ key: 'first' });
    const { provider } = open(directory);
    const told: string[] = [];
    const end = provider.watch('key', ({ secret, previousVersion }) => {
      told.push(`${secret.reveal()} after ${typeof previousVersion}`);
    });
    // Until one is told: on a busy machine the watch may first read a later value.
    for (let count = 1; told.length === 0; count += 1) {
      // A file that still changes is not read.
      if (count % 100 === 0) await writeFile(join(directory, 'key'), `value-${count}`);
      await sleep(10);
    }
    end();
    const before = [...told];
    await writeFile(join(directory, 'key'), 'last');
    await sleep(50);

    expect(told[0]).toMatch(/^value-\d+ after string$/);
    expect(told).toEqual(before);
  });

  it('CASE-64: is not waited for by a caller that gives up: the value before stays in force', async () => {
    const { provider, events, read } = open(await mount({ key: canary }));
    const giveUp = () => {
      const leaving = new AbortController();
      const lookup = provider.get('key', leaving);
      leaving.abort();
      return lookup;
    };

    await expect(giveUp()).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: 'secret key: it was not read in time: its mount may stall',
    });
    await read('key');
    expect(await giveUp()).toMatchObject({ found: true });
    expect(events.at(-1)).toMatchObject({ type: 'secret_stale', fault: 'unreadable' });
  });

  it('is told to those who watch it before it exists', async () => {
    const directory = await mount({});
    const looked = Promise.withResolvers<void>();
    const provider = createFileSecrets({
      directory,
      wait(_milliseconds, signal) {
        looked.resolve();
        return sleep(5, undefined, { signal, ref: false });
      },
    });
    onTestFinished(() => provider.close());
    const told: unknown[] = [];
    provider.watch('key', (change) => told.push(change));
    await looked.promise;
    await writeFile(join(directory, 'key'), 'first');

    await expect.poll(() => told).toMatchObject([{ name: 'key', previousVersion: undefined }]);
  });

  it('ends a watch that waits by its own timer', async () => {
    const provider = createFileSecrets({ directory: await mount({}) });
    const end = provider.watch('key', () => {});
    await provider.close();

    expect(end).not.toThrow();
  });

  it('is never missed nor half read while Kubernetes swaps it under many readers', async () => {
    const directory = await mount({});
    await swap(directory, { key: 'value-0', other: 'value-0' }, 0);
    const { read } = open(directory);
    const seen = new Set<string>();
    let swapping = true;
    const readers = Array.from({ length: 8 }, async () => {
      while (swapping) seen.add(await read('key'));
    });
    for (let serial = 1; serial <= 100; serial += 1) {
      await swap(directory, { key: `value-${serial}`, other: `value-${serial}` }, serial);
    }
    swapping = false;
    await Promise.all(readers);

    expect([...seen].filter((text) => !/^value-\d+$/.test(text))).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
    expect(await read('key')).toBe('value-100');
  });
});

it.each([
  [{ directory: 'relative' }, 'file.directory'],
  [{ directory: '/run/secrets', pollSeconds: 0 }, 'file.pollSeconds'],
  [{ directory: '/run/secrets', pollSeconds: Number.NaN }, 'file.pollSeconds'],
])('refuses %j', (options, option) => {
  expect(() => createFileSecrets(options)).toThrow(expect.objectContaining({ option }));
});

describe('what is no regular file', () => {
  it.each<[string, (path: string) => unknown]>([
    ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    [
      'a link to a FIFO',
      (path) => {
        execFileSync('mkfifo', [`${path}-fifo`]);
        return symlink(`${path}-fifo`, path);
      },
    ],
    [
      'a socket',
      async (path) => {
        const server = createServer().listen(path);
        await once(server, 'listening');
        onTestFinished(() => void server.close());
      },
    ],
    ['a directory', (path) => mkdir(path)],
  ])('CASE-64: is refused without being opened for long: %s', async (_kind, arrange) => {
    const directory = await mount({ other: 'still read' });
    await arrange(join(directory, 'key'));
    const { read } = open(directory);
    const all = await Promise.all(Array.from({ length: 20 }, () => read('key')));

    expect(new Set(all)).toEqual(new Set([expect.stringContaining('it is not a regular file')]));
    expect(await read('other')).toBe('still read');
    // The pool of threads is free.
    expect((await crypto.subtle.digest('SHA-256', new Uint8Array(1))).byteLength).toBe(32);
  });

  it('CASE-64: a link to a device leads out of the directory', async () => {
    const directory = await mount({});
    await symlink('/dev/zero', join(directory, 'key'));

    expect(await open(directory).read('key')).toContain('leads out');
  });
});

describe('a mount that stalls', () => {
  it('CASE-64: has one read at a time, and one more for each name', async () => {
    const gate = Promise.withResolvers<void>();
    const turns = createOneAtATime<string>();
    const begun: string[] = [];
    const run = (key: string) =>
      turns.run(key, async () => {
        begun.push(key);
        await gate.promise;
        return key;
      });
    const first = run('a');
    await Promise.resolve();
    const others = ['a', 'b', 'a', 'b', 'c'].map(run);
    await sleep(5);

    expect(begun).toEqual(['a']);
    gate.resolve();
    expect([await first, ...(await Promise.all(others))]).toEqual(['a', 'a', 'b', 'a', 'b', 'c']);
    expect(begun).toEqual(['a', 'a', 'b', 'c']);
  });

  it('CASE-64: goes on after work that failed', async () => {
    const turns = createOneAtATime<string>();
    const failed = turns.run('a', () => Promise.reject(new Error('no')));
    const next = turns.run('b', async () => 'b');

    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('b');
  });
});

describe('a directory that is swapped', () => {
  it.each([
    ['Linux', '/proc/self/fd'],
    ['a system that does not say where an open file is', '/nowhere'],
  ])(
    'CASE-65: is never left on %s, whatever is swapped while it is read',
    async (_system, openFiles) => {
      const directory = await mount({ 'inside/key': 'inside' });
      const elsewhere = await mount({ key: 'from-elsewhere' });
      const seen = new Set<string>();
      let isSwapping = true;
      const swapper = (async () => {
        while (isSwapping) {
          await rename(join(directory, 'inside'), join(directory, 'away'));
          await symlink(elsewhere, join(directory, 'inside'));
          await rm(join(directory, 'inside'));
          await rename(join(directory, 'away'), join(directory, 'inside'));
          await sleep(1);
        }
      })();
      for (let count = 0; count < 2_000; count += 1) {
        const reading = await readSecretFile(directory, 'inside/key', openFiles);
        seen.add('text' in reading ? reading.text : reading.fault);
      }
      isSwapping = false;
      await swapper;

      expect(seen).toContain('inside');
      expect(seen).not.toContain('from-elsewhere');
    },
  );
});

describe('a file that is written in place', () => {
  it('CASE-65: is handed out whole, also when it is written in two parts', async () => {
    const directory = await mount({ key: 'the-first-secret' });
    const path = join(directory, 'key');
    const { read } = open(directory);
    expect(await read('key')).toBe('the-first-secret');
    for (let round = 0; round < 3; round += 1) {
      await writeFile(path, 'first-half-');
      const early = read('key');
      await sleep(30);
      // In one go: on a busy machine the file could be read again before an asynchronous write.
      appendFileSync(path, `second-half-${round}`);

      expect(await early).toBe(`first-half-second-half-${round}`);
    }
  });

  it('CASE-65: is handed out whole for the first time, too', async () => {
    const directory = await mount({ key: 'first-half-' });
    const early = open(directory).read('key');
    await sleep(30);
    appendFileSync(join(directory, 'key'), 'second-half');

    expect(await early).toBe('first-half-second-half');
  });
});
