/** Rows SEC: what each answer of Vault means. */
import { inspect } from 'node:util';
import { AuthError, ConfigError, Secret } from '@sallyport/core';
import type { Vault } from '@sallyport/testing/vault';
import { describe, expect, it } from 'vitest';
import { vaultToken } from '../src/index.ts';
import { canary, dataPath, open, setUp, start, waiting } from './set-up.ts';

const json = { 'Content-Type': 'application/json' };
const status = (code: number, body = '{"errors":["kX3vQ9mZrT7bW2pLdF5hJ8nC"]}') =>
  ({ kind: 'status', status: code, headers: json, body }) as const;
const version = (data: unknown, number: unknown = 1) =>
  status(200, JSON.stringify({ data: { data, metadata: { version: number, destroyed: false } } }));

it('sends its token, its namespace, and the header that no browser sends', async () => {
  const server = await start({ namespace: 'team/a' });
  const { read } = open(server, { namespace: 'team/a' });

  expect(await read()).toBe(`${canary}@1`);
  expect(server.headers(dataPath)).toMatchObject({
    'x-vault-request': 'true',
    'x-vault-namespace': 'team/a',
    'x-vault-token': expect.stringMatching(/^hvs\./),
  });
});

it('is refused in another namespace', async () => {
  const { read } = open(await start({ namespace: 'team/a' }), { namespace: 'team/b' });

  expect(await read()).toMatch(/^secret app: HTTP 403/);
});

it('reads another mount', async () => {
  const server = await start({ mount: 'kv/team' });
  const { read } = open(server, {
    mount: 'kv/team',
    authentication: vaultToken(new Secret(server.rootToken)),
  });

  expect(await read()).toBe(`${canary}@1`);
  expect(server.hits('/v1/kv/team/data/app')).toBe(1);
});

it('asks below the path of its URL', async () => {
  const server = await start();
  const { read } = open(server, { url: `${server.url}/prefix/` });
  await read();

  expect(server.hits('/prefix/v1/secret/data/app')).toBe(1);
});

it('names the line of policy that would allow it, at once (SEC-01)', async () => {
  const server = await start();
  const token = server.createToken({ policies: ['nothing'] });
  const { read, seen } = open(server, { authentication: vaultToken(new Secret(token)) });
  const remedy = 'path "secret/data/app" { capabilities = ["read"] }';

  expect(await read()).toBe(`secret app: HTTP 403: permission denied. To allow it: ${remedy}`);
  expect(server.hits(dataPath)).toBe(1);
  expect(seen('secret_access_denied')).toEqual([
    { type: 'secret_access_denied', name: 'app', remedy },
  ]);
});

it.each([
  ['deleted', 'was deleted: vault kv undelete', (server: Vault) => server.deleteVersion('app')],
  ['destroyed', 'was destroyed', (server: Vault) => server.destroyVersion('app')],
])('does not call a %s version an absence (SEC-03)', async (_case, expected, change) => {
  const { server, read } = await setUp();
  server.put('app', { value: 'next' });
  change(server);

  expect(await read()).toContain(`version 2 ${expected}`);
  expect(await read('app@1')).toBe(`${canary}@1`);
});

it('does not call an engine an absence that is not there', async () => {
  const server = await start();
  const authentication = vaultToken(new Secret(server.rootToken));
  const { read } = open(server, { mount: 'elsewhere', authentication });

  expect(await read()).toBe('secret app: HTTP 404: there is no KV engine at this mount');
});

it.each([
  ['HTML', { 'Content-Type': 'text/html' }, '<h1>Not Found</h1>'],
  ['JSON of somebody else', json, '{"message":"no Route matched"}'],
  ['nothing', json, ''],
  ['a list', json, '[]'],
])('does not call a 404 of a proxy an absence: %s (SEC-04)', async (_case, headers, body) => {
  const { server, read } = await setUp({ timeoutSeconds: 3 });
  server.fault({ kind: 'status', status: 404, headers, body });

  expect(await read()).toMatch(/^secret app: (?:the answer is no)/);
});

it.each([412, 429, 472, 473, 500, 502, 503, 504])(
  'tries again after HTTP %i, three times in all (SEC-04)',
  async (code) => {
    const { server, read } = await setUp();
    server.fault(status(code), { times: 2 });

    expect(await read()).toBe(`${canary}@1`);
    expect(server.hits(dataPath)).toBe(3);
  },
);

it.each([400, 401, 405, 418])('does not try again after HTTP %i', async (code) => {
  const { server, read } = await setUp();
  server.fault(status(code), { times: 1 });

  expect(await read()).toBe(`secret app: HTTP ${code}`);
  expect(server.hits(dataPath)).toBe(1);
});

it('says that Vault is sealed, and reads again when it is not (SEC-04, SEC-08)', async () => {
  const { server, read, clock } = await setUp();
  server.seal();
  expect(await read()).toBe('secret app: HTTP 503: sealed, or in maintenance');
  server.unseal();
  clock.now += 500;

  expect(await read()).toBe(`${canary}@1`);
});

it('follows no redirect of a standby node with its token', async () => {
  const { server, read } = await setUp();
  server.standBy();

  expect(await read()).toBe('secret app: HTTP 307: a redirect');
});

it('gives up a server that hangs, under one deadline (SEC-05)', async () => {
  const { server, read, seen } = await setUp({ timeoutSeconds: 0.6 });
  server.fault({ kind: 'hang' });

  expect(await read()).toMatch(/^secret app: no answer within (?:200|600) ms$/);
  expect(seen('secret_unavailable')).toHaveLength(1);
});

it('reads through connections that break (SEC-07)', async () => {
  const { server, read } = await setUp();
  server.fault({ kind: 'reset' }, { times: 1 });
  server.fault({ kind: 'cut', afterBytes: 20 }, { times: 1 });

  expect(await read()).toBe(`${canary}@1`);
});

it.each([
  ['wrong Content-Type', { ...version({ value: canary }), headers: {} }, 'not JSON'],
  ['no JSON', status(200, `{"data":{"data":{"value":"${canary}"`), 'the answer is no JSON'],
  ['no data', status(200, '{}'), 'not one of a KV engine, version 2'],
  ['version 1 of the engine', status(200, `{"data":{"value":"${canary}"}}`), 'not one of a KV'],
  ['a list as data', version([canary]), 'not one of a KV'],
  ['no number as version', version({ value: canary }, '1'), 'not one of a KV'],
  ['version 0', version({ value: canary }, 0), 'not one of a KV'],
  ['a number as value', version({ value: 1 }), 'the field is no text'],
  ['an object as value', version({ value: { a: canary } }), 'the field is no text'],
  ['half a character', version({ value: '\ud800' }), 'the field is no text'],
  ['an empty value (SEC-10)', version({ value: '' }), 'there is nothing in it'],
  ['white space (SEC-10)', version({ value: ' \n' }), 'there is nothing in it'],
  ['70,000 bytes (SEC-12)', version({ value: 'x'.repeat(70_000) }), '70000 bytes, and 65536'],
  ['a huge body (SEC-12)', version({ value: 'x'.repeat(300_000) }), 'more than 262144 bytes'],
])('uses no answer with %s, and shows nothing of it (SEC-19)', async (_case, fault, expected) => {
  const { server, provider, events } = await setUp();
  server.fault(fault);
  const error = await provider.get('app', waiting).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(AuthError);
  expect(error).toMatchObject({ code: 'upstream_unavailable' });
  expect((error as AuthError).detail).toContain(expected);
  expect((error as AuthError).cause).toBeUndefined();
  expect(inspect([error, events], { depth: 10 })).not.toContain(canary);
});

it('uses no other version than the one that was asked for', async () => {
  const { server, read } = await setUp();
  server.fault(version({ value: 'other' }, 2));

  expect(await read('app@1')).toContain('not one of a KV engine');
});

it('takes one newline off the end, and says so (SEC-11)', async () => {
  const { server, read, seen } = await setUp();
  server.put('app', { value: ' kX3v\n\r\n' });

  expect(await read()).toBe(' kX3v\n@2');
  expect(seen('secret_trailing_newline')).toEqual([
    { type: 'secret_trailing_newline', name: 'app', version: '2', storedBytes: 8, usedBytes: 6 },
  ]);
});

describe('a token', () => {
  it('is asked for before every reading, so that another one is noticed', async () => {
    const server = await start();
    const tokens = [server.createToken({ policies: ['nothing'] }), server.rootToken];
    const authentication = vaultToken(async () => new Secret(`${tokens.shift()}\n`));
    const { read } = open(server, { authentication });

    expect(await read()).toBe(`${canary}@1`);
    expect(server.hits(dataPath)).toBe(2);
  });

  it.each([
    ['fails', () => Promise.reject(new Error(`cannot use ${canary}`)), 'it failed'],
    [
      'finds no file',
      () => Promise.reject(Object.assign(new Error(canary), { code: 'ENOENT' })),
      'ENOENT',
    ],
    ['finds a string', () => canary as never, 'it is no Secret'],
    [
      'finds two lines',
      () => new Secret(`${canary}\n${canary}`),
      'it is no Secret, or nothing that a',
    ],
  ])('is not shown by an error when its function %s (SEC-19)', async (_case, find, expected) => {
    const { provider, events } = await setUp({ authentication: vaultToken(find) });
    const error = await provider.get('app', waiting).catch((reason: unknown) => reason);

    expect((error as AuthError).detail).toContain(`no token was found: ${expected}`);
    expect(inspect([error, events], { depth: 10 })).not.toContain(canary);
  });

  it('that hangs ends with the deadline (SEC-05)', async () => {
    const { read } = await setUp({
      timeoutSeconds: 0.1,
      authentication: vaultToken(() => new Promise<never>(() => {})),
    });

    expect(await read()).toBe('secret app: no answer within 100 ms');
  });
});

it('quotes what validate says of a value, and never the value (SEC-15, SEC-19)', async () => {
  const { read, seen } = await setUp({
    validate: (name) => {
      throw new ConfigError(name, 'is too short');
    },
  });

  expect(await read()).toBe('secret app: version 1: is too short');
  expect(seen('secret_refused')).toHaveLength(1);
});
