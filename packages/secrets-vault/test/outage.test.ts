/** Rows SEC: what becomes of a value once there is one. */
import type { Vault } from '@sallyport/testing/vault';
import { expect, it } from 'vitest';
import { canary, setUp, until } from './set-up.ts';

const latestMs = 330_000;

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
    timeoutSeconds: 3,
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
