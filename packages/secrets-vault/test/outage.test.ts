/** Rows SEC: what becomes of a value once there is one. */
import type { Vault } from '@sallyport/testing/vault';
import { expect, it } from 'vitest';
import { canary, dataPath, setUp, until } from './set-up.ts';

const latestMs = 330_000;
const dayMs = 86_400_000;

async function setUpRead(...parameters: Parameters<typeof setUp>) {
  const all = await setUp(...parameters);
  expect(await all.read()).toBe(`${canary}@1`);
  return all;
}

const headers = { 'Content-Type': 'application/json' };

it.each<[string, string, (server: Vault) => unknown]>([
  ['without permission (SEC-01)', 'access_denied', (server) => server.revoke()],
  ['when the secret is deleted (SEC-02)', 'not_found', (server) => server.deleteSecret('app')],
  ['when its field is gone (SEC-02)', 'not_found', (server) => server.put('app', { other: 'x' })],
  [
    'when its newest version is deleted (SEC-03)',
    'version_unusable',
    (server) => server.deleteVersion('app'),
  ],
  ['when it is destroyed (SEC-03)', 'version_unusable', (server) => server.destroyVersion('app')],
  ['when Vault is sealed (SEC-04)', 'unavailable', (server) => server.seal()],
  ['when Vault is gone (SEC-04)', 'unavailable', (server) => server.pause()],
  [
    'over the quota (SEC-04)',
    'unavailable',
    (server) => server.fault({ kind: 'status', status: 429, headers }),
  ],
  ['when the value is empty (SEC-10)', 'empty', (server) => server.put('app', { value: '' })],
  [
    'when the next is not valid (SEC-15)',
    'not_valid',
    (server) => server.put('app', { value: 'short' }),
  ],
])('the last good value stays in force %s', async (_case, fault, change) => {
  const { server, read, clock, seen } = await setUpRead({
    timeoutMs: 3_000,
    validate: (_name, secret) => {
      if (secret.reveal().length < 16) throw new Error(secret.reveal());
    },
  });
  await change(server);
  clock.now = latestMs - 1;

  expect(await read()).toBe(`${canary}@1`);
  await until(() => seen('secret_stale').length === 1);
  expect(await read()).toBe(`${canary}@1`);
  expect(seen('secret_stale')).toMatchObject([{ version: '1', ageSeconds: 330, fault }]);
});

it('ends a day after its time, since nobody can confirm it (SEC-13)', async () => {
  const { server, read, clock } = await setUpRead();
  server.deleteVersion('app');
  clock.now = latestMs + dayMs - 1;
  expect(await read()).toBe(`${canary}@1`);
  clock.now = latestMs + dayMs + 60_000;

  expect(await read()).toContain('version 1 was deleted');
});

it('comes back with the version that is undeleted', async () => {
  const { server, read, clock, seen } = await setUpRead();
  server.deleteVersion('app');
  clock.now = latestMs;
  await read();
  server.undeleteVersion('app');
  clock.now += 30_000;
  await read();
  await until(() => seen('secret_loaded').length === 2);

  expect(seen('secret_loaded')[1]).toMatchObject({ version: '1', isNew: false });
});

it('is read once for all who ask, and ahead of its time (SEC-13)', async () => {
  const { server, read, clock, seen } = await setUp();
  await Promise.all(Array.from({ length: 50 }, () => read()));
  expect(server.hits(dataPath)).toBe(1);
  clock.now = 269_999;
  await read();
  expect(server.hits(dataPath)).toBe(1);

  server.put('app', { value: 'next' });
  clock.now = latestMs - 1;
  expect(await read()).toBe(`${canary}@1`);
  await until(() => seen('secret_loaded').length === 2);
  expect(await read()).toBe('next@2');
});

it('is reread at most once in 30 seconds (SEC-14)', async () => {
  const { server, read, reread, clock } = await setUpRead();
  server.put('app', { value: 'next' });
  expect(await Promise.all([reread(), reread(), reread()])).toEqual(Array(3).fill('next@2'));
  expect(server.hits(dataPath)).toBe(2);

  server.put('app', { value: 'third' });
  clock.now = 29_999;
  expect(await reread()).toBe('next@2');
  clock.now = 30_000;
  expect(await reread()).toBe('third@3');
  expect(await read()).toBe('third@3');
});

it('asks for eight at once and no more (SEC-20)', async () => {
  const { server, provider, read } = await setUp({ timeoutMs: 60_000 });
  const names = Array.from({ length: 12 }, (_none, index) => `s${index}`);
  for (const name of names) server.put(name, { value: 'x' });
  server.fault({ kind: 'hang' });
  const outcomes = names.map((name) => read(name));
  const asked = () => names.filter((name) => server.hits(`/v1/secret/data/${name}`) > 0).length;
  await until(() => asked() === 8);
  // Whatever is sent besides is there by the time another answer is.
  server.clearFaults();
  await fetch(`${server.url}/v1/sys/health`);
  expect(asked()).toBe(8);
  await provider.close();

  expect(await Promise.all(outcomes)).toEqual(
    names.map((name) => `secret ${name}: the provider is closed`),
  );
});
