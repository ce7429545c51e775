/** Rows SEC: how a pod logs in, and how it goes on. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { vaultTokenFile } from '../src/index.ts';
import { canary, dataPath, loginPath, open, setUpPod } from './set-up.ts';

const ttlMs = 300_000;

it('logs in once for many readings, with the role and the token of the file', async () => {
  const { server, read } = await setUpPod();
  server.put('other', { value: 'another one' });

  expect(await Promise.all([read(), read('other'), read('app@1')])).toEqual([
    `${canary}@1`,
    'another one@1',
    `${canary}@1`,
  ]);
  expect(server.hits(loginPath)).toBe(1);
  expect(server.headers(loginPath)).toMatchObject({
    'x-vault-request': 'true',
    'content-type': 'application/json',
  });
});

it('logs in again before the lease ends, with the token that is in the file by then', async () => {
  const { server, read, clock, mount } = await setUpPod({ ttlSeconds: 3_600 });
  await read();
  // The cluster's own tokens end after an hour, too.
  clock.now += 2_300_000;
  await read();
  expect(server.hits(loginPath)).toBe(1);

  await mount();
  clock.now += 1_290_000;
  expect(await read()).toBe(`${canary}@1`);
  expect(server.hits(loginPath)).toBe(2);
  expect(server.hits(dataPath)).toBe(3);
});

it('uses a token until its end when it cannot log in again (SEC-04)', async () => {
  const { server, read, clock, seen } = await setUpPod({ ttlSeconds: 3_600 });
  await read();
  server.put('app', { value: 'next' });
  server.fault({ kind: 'status', status: 500 }, { path: loginPath });
  clock.now += 3_000_000;

  expect(await read()).toBe('next@2');
  clock.now += 700_000;
  expect(await read()).toBe('next@2');
  expect(seen('secret_stale')).toMatchObject([{ detail: 'login: HTTP 500', fault: 'unavailable' }]);
});

it('logs in again when its token was revoked, and nobody notices', async () => {
  const { server, read, clock, seen } = await setUpPod();
  await read();
  server.revoke();
  server.put('app', { value: 'next' });
  clock.now += ttlMs * 1.1;

  expect(await read()).toBe('next@2');
  expect(server.hits(loginPath)).toBe(2);
  expect(seen('secret_stale', 'secret_access_denied')).toEqual([]);
});

it('logs in again once, not for every refusal (SEC-01)', async () => {
  const { server, read, clock } = await setUpPod({ policies: ['nothing'] });
  for (let count = 1; count <= 10; count += 1) {
    expect(await read()).toMatch(/HTTP 403.*path "secret\/data\/app" \{ capabilities/);
    clock.now += 1_000;
  }
  expect(server.hits(loginPath)).toBe(2);

  clock.now += 30_000;
  await read();
  expect(server.hits(loginPath)).toBe(3);
});

it.each([
  ['another service account', {}, ['else', 'prod'], 403],
  ['another namespace', {}, ['mcp', 'else'], 403],
  ['a role that is not there', { role: 'other' }, ['mcp', 'prod'], 400],
] as const)(
  'CASE-46: says what binds the role to %s, with the real account (SEC-01)',
  async (_case, options, account, status) => {
    const { role = undefined } = options as { readonly role?: string };
    const { server, read, mount, seen } = await setUpPod(options);
    await mount(...account);
    const detail = await read();

    expect(detail).toContain(`HTTP ${status}: auth/kubernetes/login refuses the service account`);
    const [name, namespace] = account;
    const command = `vault write auth/kubernetes/role/${role ?? 'mcp'} bound_service_account_names=${name} bound_service_account_namespaces=${namespace}`;
    expect(detail).toContain(`To allow it: ${command}`);
    expect(seen('secret_access_denied')).toMatchObject([{ remedy: command }]);
    // A shell passes every word on as it is.
    expect(command).toMatch(/^[\w /=-]+$/);
    expect(seen('secret_unavailable')).toMatchObject([{ fault: 'login_refused' }]);
    expect(server.hits(loginPath)).toBe(1);
  },
);

it('sends no token that the cluster has not signed further than to the login (SEC-19)', async () => {
  const { server, read, tokenPath, jwt, events } = await setUpPod();
  await writeFile(tokenPath, `${jwt.slice(0, -10)}AAAAAAAAAA`);

  expect(await read()).toContain('HTTP 403');
  expect(server.hits(dataPath)).toBe(0);
  expect(JSON.stringify(events)).not.toContain(jwt.slice(20, 60));
});

it.each([
  ['is not there', (path: string) => rm(path), 'cannot be read: ENOENT'],
  ['is empty', (path: string) => writeFile(path, '\n'), 'holds no token'],
  ['holds two lines', (path: string) => writeFile(path, `${canary}\n${canary}`), 'holds no token'],
  ['is huge (CASE-64)', (path: string) => truncate(path, 100_000_000), 'has more than 65536 bytes'],
  [
    'is a FIFO (CASE-64)',
    async (path: string) => {
      await rm(path);
      execFileSync('mkfifo', [path]);
    },
    'is not a regular file',
  ],
  [
    'is a device without an end (CASE-64)',
    async (path: string) => {
      await rm(path);
      await symlink('/dev/zero', path);
    },
    'is not a regular file',
  ],
  [
    'is a directory (CASE-64)',
    async (path: string) => {
      await rm(path);
      await mkdir(path);
    },
    'is not a regular file',
  ],
])('says that the file %s, and asks nobody (SEC-17)', async (_case, change, expected) => {
  const { server, read, tokenPath, events } = await setUpPod();
  await change(tokenPath);

  expect(await read()).toBe(`secret app: ${tokenPath} ${expected}`);
  expect(server.hits(loginPath)).toBe(0);
  expect(JSON.stringify(events)).not.toContain(canary);
});

it.each([
  ['no token', '{"auth":{"lease_duration":60}}'],
  ['no lease', '{"auth":{"client_token":"hvs.abc"}}'],
  ['no auth', '{"auth":null}'],
  ['a token that would break a header', '{"auth":{"client_token":"a\\nb","lease_duration":60}}'],
])('uses no login with %s', async (_case, body) => {
  const { server, read } = await setUpPod();
  const headers = { 'Content-Type': 'application/json' };
  server.fault({ kind: 'status', status: 200, headers, body }, { path: loginPath });

  expect(await read()).toBe('secret app: login: the answer holds no token');
  expect(server.hits(dataPath)).toBe(0);
});

it('takes a lease of 0 seconds for one without an end', async () => {
  const { server, read, clock } = await setUpPod({ ttlSeconds: 0 });
  await read();
  clock.now += 40 * 86_400_000;

  expect(await read()).toBe(`${canary}@1`);
  expect(server.hits(loginPath)).toBe(1);
});

it('reads the token file of an agent before every reading', async () => {
  const { server, tokenPath, clock } = await setUpPod();
  const write = () => writeFile(tokenPath, `${server.createToken({ policies: ['app'] })}\n`);
  await write();
  const { read, seen } = open(server, { authentication: vaultTokenFile(tokenPath) }, clock);
  expect(await read()).toBe(`${canary}@1`);

  server.revoke();
  await write();
  server.put('app', { value: 'next' });
  clock.now += ttlMs * 1.1;
  expect(await read()).toBe('next@2');

  await rm(tokenPath);
  clock.now += ttlMs * 1.1;
  expect(await read()).toBe('next@2');
  expect(seen('secret_stale')).toMatchObject([{ fault: 'credentials_missing' }]);
});

it.each(['run/token', '', 7])('a token file must be an absolute path: %j', (path) => {
  expect(() => vaultTokenFile(path as string)).toThrow('vault.authentication.path: must be');
});
