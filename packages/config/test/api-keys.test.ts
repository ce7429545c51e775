/** API keys by variables (KEY-01). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { createApiKeyRegistry, createFileKeyStore } from '@sallyport/verifier-api-key';
import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig, loadConfig } from '../src/index.ts';
import { hmacKey, load, openGate, prefix, problemsOf, withChanges } from './set-up.ts';

const secret = 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe2Xb4';
const resource = 'https://notes.acme-corp.dev/mcp';
const alone = {
  TYPE: 'api-key',
  RESOURCE_URL: resource,
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  JWT_ALGORITHM: undefined,
  JWT_REQUIRED_SCOPES: undefined,
  [`${prefix}API_KEY_FILE`]: '/srv/keys.json',
  [`${prefix}API_KEY_SECRET`]: secret,
};

async function makeKeys() {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys.json');
  const store = createFileKeyStore({ path });
  const registry = createApiKeyRegistry({ resource, secret: new Secret(secret), store });
  return { path, registry };
}

it('KEY-01: accepts keys alone, in Authorization and with the scopes that they have', async () => {
  const { path, registry } = await makeKeys();
  const { key, id } = await registry.create({ owner: 'ci', scopes: ['notes:read'] });
  const config = await load({ ...alone, [`${prefix}API_KEY_FILE`]: path });
  const { call, audited } = await openGate(config, {
    read: ['notes:read'],
    write: ['notes:write'],
  });

  expect(await call(key.reveal(), 'read')).toBe(200);
  expect(await call(key.reveal(), 'write')).toBe(403);
  expect(await call(undefined, 'read')).toBe(401);
  await registry.revoke(id);
  expect(audited).toContainEqual(
    expect.objectContaining({ event: 'authenticated', issuer: 'urn:sallyport:api-key' }),
  );
});

it('KEY-01: accepts keys besides JWTs, also in X-API-Key', async () => {
  const { path, registry } = await makeKeys();
  const { key } = await registry.create({ owner: 'ci', scopes: ['read:data'] });
  const config = await load({
    [`${prefix}API_KEY_FILE`]: path,
    [`${prefix}API_KEY_SECRET`]: secret,
    RESOURCE_URL: resource,
    JWT_REQUIRED_SCOPES: undefined,
  });
  const { gate, close } = await createGateFromConfig(config, {
    tools: { read: ['read:data'] },
    audit: { emit: () => {} },
    onEvent: () => {},
  });
  onTestFinished(close);
  const statusOf = async (name: string, value: string) => {
    const decision = await gate.handle({
      method: 'POST',
      target: '/mcp',
      host: new URL(resource).host,
      field: (each) => (each === name ? [value] : []),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({
        ok: true,
        value: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read' } },
      }),
    });
    return decision.pass ? 200 : decision.answer.status;
  };

  expect(await statusOf('x-api-key', key.reveal())).toBe(200);
  expect(await statusOf('authorization', `Bearer ${key.reveal()}`)).toBe(200);
  expect(await statusOf('authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.')).toBe(401);
});

it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
  [
    'no secret',
    { API_KEY_SECRET: undefined },
    'API_KEY_SECRET: is missing. Set it to a random secret',
  ],
  ['a short secret', { API_KEY_SECRET: 'short' }, 'API_KEY_SECRET: must'],
  ['a secret that can be guessed', { API_KEY_SECRET: 'a'.repeat(64) }, 'API_KEY_SECRET: '],
  [
    'a short previous secret',
    { API_KEY_PREVIOUS_SECRET: 'short' },
    'API_KEY_PREVIOUS_SECRET: must',
  ],
  ['a relative path', { API_KEY_FILE: 'keys.json' }, 'API_KEY_FILE: must be an absolute path'],
  [
    'another URL',
    { API_KEY_FILE: undefined, API_KEY_REDIS_URL: 'http://redis' },
    'API_KEY_REDIS_URL: must be a URL',
  ],
  [
    'options of Redis',
    { API_KEY_FILE: undefined, API_KEY_REDIS_URL: 'rediss://redis:6379?tls=false' },
    'API_KEY_REDIS_URL: must not have options',
  ],
  ['two stores', { API_KEY_REDIS_URL: 'rediss://redis:6379' }, 'API_KEY_FILE: cannot stand beside'],
  [
    'a secret without a store',
    { API_KEY_FILE: undefined },
    'API_KEY_SECRET: has no effect without a store',
  ],
  [
    'no variable at all',
    { API_KEY_FILE: undefined, API_KEY_SECRET: undefined },
    'TYPE: needs a store of API keys',
  ],
  ['a misspelt name', { API_KEYS_FILE: '/srv/keys.json' }, 'API_KEYS_FILE: '],
])('KEY-01: refuses to start with %s, in one sentence', async (_what, changes, problem) => {
  const own = Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [prefix + name, value]),
  );

  expect(await problemsOf({ ...alone, ...own })).toEqual([expect.stringContaining(problem)]);
});

it.each<[string, Readonly<Record<string, string>>, readonly string[] | undefined]>([
  ['no server, which would not exist', {}, undefined],
  [
    'the one that is configured',
    { AUTHORIZATION_SERVERS: 'https://id.acme-corp.dev' },
    ['https://id.acme-corp.dev'],
  ],
])('KEY-01: with keys alone, the metadata names %s', async (_what, changes, named) => {
  const { gate } = await openGate(await load({ ...alone, ...changes }), { read: [] });
  const decision = await gate.handle({
    method: 'GET',
    target: gate.metadataPath,
    host: new URL(resource).host,
    field: () => [],
    clientAddress: '203.0.113.7',
    signal: new AbortController().signal,
    readJson: async () => ({ ok: false, fault: 'body_not_json' }),
  });
  const metadata = JSON.parse(decision.pass ? '{}' : String(decision.answer.body));

  expect(metadata.resource).toBe(resource);
  expect(metadata.authorization_servers).toEqual(named);
});

it('KEY-01: refuses keys where everybody is let in', async () => {
  const open = {
    ENVIRONMENT: 'development',
    TYPE: 'none',
    DANGEROUSLY_OMIT_AUTH: 'true',
  };

  expect(await problemsOf({ ...alone, ...open })).toEqual([
    expect.stringContaining('API_KEY_FILE: has no effect'),
  ]);
});

it('KEY-01: warns of a password for Redis in clear text, and connects to nothing before a gate is made', async () => {
  const config = await load({
    ...alone,
    [`${prefix}API_KEY_FILE`]: undefined,
    [`${prefix}API_KEY_REDIS_URL`]: 'redis://:hunter2hunter2@192.0.2.1:6379',
  });

  expect(config.warnings).toEqual([
    expect.stringContaining('API_KEY_REDIS_URL: sends its credentials without TLS'),
  ]);
  expect(config.apiKeys?.store.kind).toBe('redis');
});

it('KEY-01: refuses another credential field of the server, which would take the place of X-API-Key', async () => {
  const config = await load({
    [`${prefix}API_KEY_FILE`]: '/srv/keys.json',
    [`${prefix}API_KEY_SECRET`]: secret,
    RESOURCE_URL: resource,
  });
  const credentialField = { field: 'x-other', authorization: 'either' } as const;

  await expect(
    createGateFromConfig(config, { tools: {}, audit: { emit() {} }, credentialField }),
  ).rejects.toThrow(/^gate\.apiKeys: has no effect beside credentialField/);
});

it('KEY-01: a new version of the secret is in force without a restart, and keys of the one before stay valid', async () => {
  const { path, registry } = await makeKeys();
  const { key } = await registry.create({ owner: 'ci', scopes: [] });
  let tell: (value: string) => void = () => {};
  const config = await loadConfig(
    withChanges({
      ...alone,
      [`${prefix}API_KEY_FILE`]: path,
      [`${prefix}API_KEY_SECRET`]: undefined,
    }),
    {
      nodeArguments: [],
      secrets: {
        name: 'backend',
        get: async (name) =>
          name === 'api-key-secret'
            ? { found: true, secret: new Secret(secret), version: '1' }
            : { found: false },
        watch: (name, listener) => {
          tell = (value) =>
            listener({ name, secret: new Secret(value), version: '2', previousVersion: '1' });
          return () => {};
        },
      },
    },
  );
  const events: string[] = [];
  const { call } = await openGate(config, { read: [] }, ({ type }) => void events.push(type));
  tell('a'.repeat(64));
  tell(hmacKey);
  const next = createApiKeyRegistry({
    resource,
    secret: new Secret(hmacKey),
    store: createFileKeyStore({ path }),
  });
  const newer = await next.create({ owner: 'ci', scopes: [] });

  expect(await call(key.reveal(), 'read')).toBe(200);
  expect(await call(newer.key.reveal(), 'read')).toBe(200);
  expect(events).toEqual(expect.arrayContaining(['secret_refused', 'secret_changed']));
});
