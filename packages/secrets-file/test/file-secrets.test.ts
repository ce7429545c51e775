import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAuthError } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileSecrets, type FileSecretsEvent } from '../src/index.ts';
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
    ['is a directory', (directory) => mkdir(join(directory, 'key')), 'it is no file'],
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

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused', async () => {
    const directory = await mount({ key: canary });
    await chmod(join(directory, 'key'), 0);
    const { read } = open(directory);

    expect(await read('key')).toContain('may not be read');
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
    await sleep(30);
    await writeFile(join(directory, 'key'), 'second');
    while (told.length === 0) await sleep(5);
    end();
    await writeFile(join(directory, 'key'), 'third');
    await sleep(50);

    expect(told).toEqual(['second after string']);
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
