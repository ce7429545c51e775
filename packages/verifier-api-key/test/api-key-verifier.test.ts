import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  ConfigError,
  createGuard,
  createScopePolicy,
  detectEnvironment,
  Secret,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { protect } from '@sallyport/protect/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { startAuthorizationServer } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ApiKeyStore,
  createApiKeyRegistry,
  createApiKeyVerifier,
  createFileKeyStore,
} from '../src/index.ts';
import { isKey, makeKey } from '../src/key/key-format.ts';
import { makeSecret, outcomeOf, resource, setUp } from './set-up.ts';

const wanted = { owner: 'ci@acme-corp.dev', client: 'deploy', scopes: ['notes:read'] };
const day = 86_400;

describe('a key', () => {
  it('KEY-01: is a prefix, 256 random bits and a checksum, so that scanners find it', async () => {
    const { registry } = await setUp();
    const { key } = await registry.create(wanted);

    expect(key.reveal()).toMatch(/^sallyport_[0-9A-Za-z]{49}$/);
    expect(isKey(key.reveal())).toBe(true);
    // All 256 bits are in it: the largest number has the most digits, and the smallest is padded.
    for (const byte of [0x00, 0xff]) {
      const made = makeKey((length) => new Uint8Array(length).fill(byte));
      expect([made.length, isKey(made)]).toEqual([59, true]);
    }
    expect(makeKey((length) => new Uint8Array(length).fill(0xff))).not.toContain('sallyport_0');
  });

  it('KEY-01: is refused without a look-up where a character is wrong, missing or added', async () => {
    const { verifier, ask, registry } = await setUp();
    const text = (await registry.create(wanted)).key.reveal();
    const slips = Array.from({ length: text.length }, (_, at) => {
      const other = text[at] === 'x' ? 'y' : 'x';
      return text.slice(0, at) + other + text.slice(at + 1);
    });
    const all = [...slips, text.slice(0, -1), `${text}0`, text.slice(1), 'sallyport_', ` ${text}`];
    const outcomes = await Promise.all(all.map((slip) => ask(slip)));

    expect(outcomes).toEqual(all.map(() => 'token_malformed'));
    expect(verifier.readings?.().cacheMisses).toBe(0);
  });

  it('stands for its owner and client, with its scopes, at this resource', async () => {
    const { registry, verifier, clock } = await setUp();
    const { key, id } = await registry.create({ ...wanted, days: 2 });
    const context = { nowSeconds: clock.seconds, signal: AbortSignal.abort(), allowRemote: false };

    expect(await verifier.verify(key.reveal(), context)).toEqual({
      issuer: 'urn:sallyport:api-key',
      subject: 'ci@acme-corp.dev',
      clientId: 'deploy',
      audience: [resource],
      scopes: new Set(['notes:read']),
      expiresAt: clock.seconds + 2 * day,
      claims: { jti: id },
    });
  });

  it('expires by the clock of the request', async () => {
    const { registry, advance, ask } = await setUp();
    const { key } = await registry.create({ ...wanted, days: 1 });
    advance(day - 1);
    const before = await ask(key);
    advance(1);

    expect([before, await ask(key)]).toEqual(['verified', 'token_expired']);
  });

  it('is rotated with an overlap, and the old one never ends later than before', async () => {
    const { registry, advance, ask } = await setUp();
    const old = await registry.create(wanted);
    const next = await registry.rotate(old.id, { overlapSeconds: 3_600 });
    await registry.rotate(old.id, { overlapSeconds: 7_200 });
    const during = [await ask(old.key), await ask(next?.key ?? '')];
    const [first] = await registry.list();
    advance(3_600);

    expect(during).toEqual(['verified', 'verified']);
    expect(first).toMatchObject({ id: old.id, status: 'ending' });
    expect([await ask(old.key), await ask(next?.key ?? '')]).toEqual(['token_expired', 'verified']);
    expect(next).toMatchObject({ owner: wanted.owner, client: 'deploy', scopes: ['notes:read'] });
  });

  it('cannot be rotated when it is revoked, expired, unknown or changed by somebody else', async () => {
    const { registry, path, advance } = await setUp();
    const { id } = await registry.create({ ...wanted, days: 1 });
    const changed = await registry.create(wanted);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('notes:read', 'admin'));
    await expect(registry.rotate(changed.id)).rejects.toThrow('is unusable: make a new one');
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('admin', 'notes:read'));
    advance(day);
    await expect(registry.rotate(id)).rejects.toThrow('is expired: make a new one');
    await registry.revoke(changed.id);
    await expect(registry.rotate(changed.id)).rejects.toThrow('is revoked: make a new one');

    expect(await registry.rotate('0123456789ab')).toBeUndefined();
    expect((await registry.list()).length).toBe(2);
  });
});

describe('a revoked key', () => {
  it('KEY-01: is refused within 5 seconds, and may pass until then without a look-up', async () => {
    const { registry, advance, ask, store, secret, clock } = await setUp();
    const { key, id } = await registry.create(wanted);
    const other = createApiKeyVerifier({
      resource,
      secret,
      store,
      monotonicNow: () => clock.monotonicMs,
    });
    const askBoth = async () => [await ask(key), await outcomeOf(other, key, clock.seconds)];
    const before = await askBoth();
    expect(await registry.revoke(id)).toBe(true);
    advance(4);

    expect(before).toEqual(['verified', 'verified']);
    expect(await askBoth()).toEqual(['token_inactive', 'token_inactive']);
    expect(await registry.list()).toMatchObject([{ id, status: 'revoked' }]);
    expect(await registry.revoke('0123456789ab')).toBe(false);
  });

  it('KEY-01: does not come back when the store forgets the revocation', async () => {
    const { registry, advance, ask, path } = await setUp();
    const { key, id } = await registry.create(wanted);
    const backup = await readFile(path);
    await registry.revoke(id);
    const refused = await ask(key);
    await writeFile(path, backup);
    advance(60);

    expect([refused, await ask(key)]).toEqual(['token_inactive', 'token_inactive']);
  });

  it('KEY-01: is refused by another process that reads the same file', async () => {
    const { registry, path, secret } = await setUp();
    const { key, id } = await registry.create(wanted);
    const child = spawn(
      process.execPath,
      [...process.execArgv, join(import.meta.dirname, 'verify-process.ts'), path],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    child.stdin.write(`${secret.reveal()}\n${key.reveal()}\n`);
    const lines: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
    await expect.poll(() => lines, { timeout: 20_000 }).toContain('verified');
    await registry.revoke(id);
    const [code] = await once(child, 'exit');

    expect({ code, last: lines.filter(Boolean).at(-1) }).toEqual({
      code: 0,
      last: 'token_inactive',
    });
  });
});

describe('a stolen store', () => {
  it('KEY-01: yields nothing: no key, no secret, and nothing that is accepted', async () => {
    const { registry, path, secret, ask } = await setUp();
    const { key } = await registry.create(wanted);
    await ask(key);
    const text = await readFile(path, 'utf8');
    const [{ record }] = JSON.parse(text).keys;

    expect(text).not.toContain(key.reveal().slice(10, 22));
    expect(text).not.toContain(secret.reveal().slice(0, 12));
    const guesses = [record.digest, record.seal, `sallyport_${record.digest}`, record.id];
    for (const guess of guesses) expect(await ask(guess)).toBe('token_malformed');
    // With the store and without the secret, a new record or a changed one is refused.
    const thief = createApiKeyRegistry({
      resource,
      secret: makeSecret(),
      store: createFileKeyStore({ path }),
    });
    expect(await ask((await thief.create(wanted)).key)).toBe('token_inactive');
  });

  it.each<[string, (text: string) => string]>([
    ['more scopes', (text) => text.replace('notes:read', 'admin')],
    ['another owner', (text) => text.replace('ci@acme-corp.dev', 'admin@acme-corp.dev')],
    ['another client', (text) => text.replace('"deploy"', '"console"')],
    ['a later expiry', (text) => text.replace(/"expiresAt": \d+/, '"expiresAt": 9999999999')],
    ['another id', (text) => text.replace(/"id": "\w+"/, '"id": "0123456789ab"')],
  ])('KEY-01: whoever can write to it gives no key %s', async (_what, change) => {
    const { registry, path, ask, events } = await setUp();
    const { key } = await registry.create(wanted);
    const text = await readFile(path, 'utf8');
    await writeFile(path, change(text));

    expect(change(text)).not.toBe(text);
    expect(await ask(key)).toBe('token_inactive');
    expect(events).toMatchObject([{ type: 'api_key_record_changed', store: 'file' }]);
    expect(await registry.list()).toMatchObject([{ status: 'unusable' }]);
  });

  it('KEY-01: lengthens no overlap of a rotation beyond the expiry', async () => {
    const { registry, path, ask, advance } = await setUp();
    const { id, key } = await registry.create({ ...wanted, days: 1 });
    await registry.rotate(id);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"endsAt": \d+/, '"endsAt": 9999999999'));
    advance(day);

    expect(await ask(key)).toBe('token_expired');
  });

  it('KEY-01: moves no key to another server, which may share its secret', async () => {
    const { registry, store, secret, clock, ask } = await setUp();
    const elsewhere = 'https://files.acme-corp.dev/mcp';
    const { key } = await registry.create(wanted);
    const others = createApiKeyVerifier({ resource: elsewhere, secret, store });

    expect(await ask(key)).toBe('verified');
    expect(await outcomeOf(others, key, clock.seconds)).toBe('token_audience_mismatch');
  });
});

describe('the secret', () => {
  it('KEY-01: is changed while keys of the one before stay valid', async () => {
    const [first, second] = [makeSecret(), makeSecret()];
    const { registry, store, path, ask, verifier, clock, advance } = await setUp({ secret: first });
    const { key } = await registry.create(wanted);
    const restarted = await setUp({
      store: createFileKeyStore({ path }),
      secret: second,
      previousSecret: first,
    });
    const without = createApiKeyVerifier({ resource, secret: second, store });
    verifier.replaceSecret(second);
    const newer = await restarted.registry.create(wanted);
    advance(5);

    expect([await ask(key), await ask(newer.key)]).toEqual(['verified', 'verified']);
    expect(await restarted.ask(key)).toBe('verified');
    expect(await outcomeOf(without, key, clock.seconds)).toBe('token_inactive');
    expect((await restarted.registry.list()).map(({ status }) => status)).toEqual([
      'active',
      'active',
    ]);
    verifier.replaceSecret(makeSecret());
    expect(await ask(key)).toBe('token_inactive');
    expect(() => verifier.replaceSecret(new Secret('short'))).toThrow('apiKey.secret');
  });
});

describe('the file', () => {
  it('KEY-01: is for its owner alone, and replaced in one step', async () => {
    const { registry, path, ask } = await setUp();
    const { key } = await registry.create(wanted);
    await ask(key);
    const first = await stat(path);
    await chmod(path, 0o644);
    await registry.create(wanted);
    const next = await stat(path);

    expect([first.mode & 0o777, next.mode & 0o777]).toEqual([0o600, 0o600]);
    expect(next.ino).not.toBe(first.ino);
    await expect.poll(() => readdir(join(path, '..'))).toEqual(['keys.json', 'keys.json.used']);
  });

  it('loses no key where several stores write at once', async () => {
    const { path, registry, secret } = await setUp();
    const registries = Array.from({ length: 8 }, () =>
      createApiKeyRegistry({ resource, secret, store: createFileKeyStore({ path }) }),
    );
    const made = await Promise.all(registries.map((each) => each.create(wanted)));
    const ids = (await registry.list()).map(({ id }) => id);

    expect(new Set(ids)).toEqual(new Set(made.map(({ id }) => id)));
  });

  it('has no keys before the first one is made, and none is made where there is no folder', async () => {
    const { path, registry, store } = await setUp();

    expect(await registry.list()).toEqual([]);
    expect(await registry.revoke('gone')).toBe(false);
    await registry.create(wanted);
    const [{ record } = expect.fail('there is no key')] = await store.list();
    await expect(store.add(record, { id: 'gone', endsAt: 1 })).rejects.toMatchObject({
      detail: `API keys: ${path} has no key gone that is not revoked`,
    });
    const nowhere = createFileKeyStore({ path: join(path, '..', 'none', 'keys.json') });
    await expect(nowhere.add(record)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: expect.stringContaining('cannot be made (ENOENT)'),
    });
  });

  it('is written although a process was killed in the middle of a change', async () => {
    const { path, registry } = await setUp();
    await writeFile(`${path}.lock`, '');
    execFileSync('touch', ['-d', '1 minute ago', `${path}.lock`]);
    await registry.create(wanted);

    expect(await readdir(join(path, '..'))).toEqual(['keys.json']);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['is gone', (path) => rm(path)],
    ['is no JSON', (path) => writeFile(path, '{"version": 1, "keys": [')],
    ['is other JSON', (path) => writeFile(path, 'null')],
    ['has a broken record', (path) => writeFile(path, '{"version":1,"keys":[{"record":{}}]}')],
    ['is a folder', (path) => rm(path).then(() => mkdir(path))],
    ['is larger than 16 MiB', (path) => truncate(path, 16 * 1_048_576 + 1)],
  ])(
    'KEY-01: that %s is an outage: what was read in the last 4 seconds answers, then 503',
    async (_what, damage) => {
      const { registry, path, ask, advance, events } = await setUp();
      const [seen, unseen] = [await registry.create(wanted), await registry.create(wanted)];
      await ask(seen.key);
      await rename(path, `${path}.good`);
      await writeFile(path, '');
      await damage(path);
      advance(3.9);
      const early = [await ask(seen.key), await ask(unseen.key)];
      advance(0.1);
      await expect.poll(() => events.length).toBe(1);
      const late = [await ask(seen.key), await ask(unseen.key)];
      await rm(path, { recursive: true, force: true });
      await rename(`${path}.good`, path);
      advance(0.3);

      expect(early).toEqual(['verified', 'upstream_unavailable']);
      expect(late).toEqual(['upstream_unavailable', 'upstream_unavailable']);
      expect([await ask(seen.key), await ask(unseen.key)]).toEqual(['verified', 'verified']);
      expect(events).toMatchObject([
        { type: 'api_keys_unavailable', store: 'file', detail: expect.stringContaining(path) },
        { type: 'api_keys_available', store: 'file' },
      ]);
    },
  );

  it('is read again after 1.5 seconds while requests go on, so that they do not wait', async () => {
    const { registry, path, ask, advance, store } = await setUp();
    const { key } = await registry.create(wanted);
    await ask(key);
    advance(2);
    await ask(key);
    // Waits for what is being read.
    await store.find('');
    await rm(path);
    advance(3.9);

    expect(await ask(key)).toBe('verified');
  });

  it('says at the start that it is missing, and how to make it', async () => {
    const { verifier, events } = await setUp();
    await verifier.prepare?.();

    expect(events).toMatchObject([
      { type: 'api_keys_unavailable', detail: expect.stringContaining('sallyport keys create') },
    ]);
  });

  it('notes the day of the last use, once per key and day', async () => {
    const { registry, ask, advance, path } = await setUp();
    const { key } = await registry.create(wanted);
    const usedOn = async () => (await registry.list()).map((each) => each.usedOn);
    const unused = await usedOn();
    for (let count = 0; count < 3; count += 1) await ask(key);
    await expect.poll(usedOn).toEqual(['2026-01-01']);
    const written = await stat(`${path}.used`);
    await ask(key);
    advance(day);
    await ask(key);
    await expect.poll(usedOn).toEqual(['2026-01-02']);

    expect(unused).toEqual([undefined]);
    expect((await stat(`${path}.used`)).ino).not.toBe(written.ino);
  });

  it('answers requests where the day cannot be written, and says so once a day', async () => {
    const { registry, ask, path, events } = await setUp();
    const keys = [await registry.create(wanted), await registry.create(wanted)];
    await mkdir(`${path}.used`);
    expect(await Promise.all(keys.map(({ key }) => ask(key)))).toEqual(['verified', 'verified']);
    await expect.poll(() => events.map(({ type }) => type)).toEqual(['api_key_use_not_recorded']);
  });

  it('answers requests where a store of somebody else fails to note the day', async () => {
    const { path } = await setUp();
    const touch = () => Promise.reject(new Error('a reason that quotes the store'));
    const store = { ...createFileKeyStore({ path }), touch };
    const { registry, ask, events } = await setUp({ store });
    expect(await ask((await registry.create(wanted)).key)).toBe('verified');
    await expect.poll(() => events).toMatchObject([{ detail: 'the store failed' }]);
  });
});

describe('guessing', () => {
  const away: ApiKeyStore = {
    name: 'far',
    isLocal: false,
    find: () => new Promise(() => {}),
    list: async () => [],
    add: async () => {},
    revoke: async () => false,
    touch: async () => {},
  };

  it('KEY-01: of a client over its limit asks a store on the network 16 questions at a time', async () => {
    const { ask } = await setUp({ store: away });
    const asked = Array.from({ length: 100 }, () => ask(makeKey(), { allowRemote: false }));
    const outcomes = await Promise.all(asked);
    const count = (code: string) => outcomes.filter((outcome) => outcome === code).length;

    // A store that never answers is an outage after a second.
    expect([count('rate_limited'), count('upstream_unavailable')]).toEqual([84, 16]);
  });

  it('is no load on a store that is down: it is asked four times in a second', async () => {
    const asked: string[] = [];
    const down: ApiKeyStore = {
      ...away,
      find: (digest) => {
        asked.push(digest);
        return Promise.reject(new Error('down'));
      },
    };
    const { ask, advance, events } = await setUp({ store: down });
    for (let tenth = 0; tenth < 10; tenth += 1) {
      for (let count = 0; count < 5; count += 1) {
        expect(await ask(makeKey())).toBe('upstream_unavailable');
      }
      advance(0.1);
    }

    expect(asked).toHaveLength(4);
    expect(events).toMatchObject([{ type: 'api_keys_unavailable', detail: 'the store failed' }]);
  });

  it('KEY-01: evicts no good key, and repeats no question for a second', async () => {
    const { registry, ask, store, secret, verifier } = await setUp();
    const good = await registry.create(wanted);
    await ask(good.key);
    const before = verifier.readings?.();
    const guess = makeKey();
    for (let count = 0; count < 50; count += 1) await ask(makeKey());
    await ask(guess);
    await ask(guess);

    expect(await ask(good.key)).toBe('verified');
    expect(verifier.readings?.()).toEqual({
      cacheHits: 2,
      cacheMisses: (before?.cacheMisses ?? 0) + 51,
      cachedTokens: 1,
    });
    const small = createApiKeyVerifier({ resource, secret, store, maximumKeys: 1 });
    await outcomeOf(small, good.key, 0);
    expect(small.readings?.().cachedTokens).toBe(1);
  });

  it('KEY-01: is counted and refused like every failed token, and a good key still passes', async () => {
    const { registry, verifier, clock } = await setUp();
    const { key } = await registry.create(wanted);
    const guard = createGuard({
      verifier,
      rateLimiter: createMemoryRateLimiter({ maximumAttempts: 3 }),
      audit: { emit: () => {} },
      scopePolicy: createScopePolicy({ hierarchy: {} }),
      resourceMetadataUrl: protectedResourceMetadataUrl(resource),
      requiredScopes: [],
      now: () => clock.seconds * 1_000,
    });
    const gate = createMcpGate({
      resource,
      guard,
      authorizationServers: ['https://auth.acme-corp.dev'],
      scopes: { tools: { read: ['notes:read'], write: ['notes:write'] } },
      credentialField: verifier.credentialField,
      onEvent: () => {},
    });
    const call = async (fields: Readonly<Record<string, string>>, tool = 'read') => {
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } };
      const decision = await gate.handle({
        method: 'POST',
        target: '/mcp',
        host: 'notes.acme-corp.dev',
        field: (name) => (fields[name] === undefined ? [] : [fields[name]]),
        clientAddress: '203.0.113.7',
        signal: new AbortController().signal,
        readJson: async () => ({ ok: true, value: body }),
      });
      if (!decision.pass) return decision.answer.status;
      return decision.hiddenFields.includes('x-api-key') ? 200 : 'shown';
    };
    const good = key.reveal();

    expect(await call({ 'x-api-key': good })).toBe(200);
    expect(await call({ authorization: `Bearer ${good}` })).toBe(200);
    expect(await call({ 'x-api-key': good }, 'write')).toBe(403);
    expect(await call({ 'x-api-key': good, authorization: `Bearer ${good}` })).toBe(400);
    const guesses = [];
    for (let count = 0; count < 4; count += 1) guesses.push(await call({ 'x-api-key': makeKey() }));
    // The 400 counts as well.
    expect(guesses).toEqual([401, 401, 429, 429]);
    expect(await call({ 'x-api-key': good })).toBe(200);
  });
});

describe('beside another verifier', () => {
  it('KEY-01: on a real server, a key passes in both fields, none reaches the handler, and JWTs go on', async () => {
    const { registry, store, secret } = await setUp();
    const issuer = await startAuthorizationServer({
      resources: [{ resource, scopes: ['notes:read'] }],
    });
    onTestFinished(() => issuer.stop());
    // The clock of this server is the real one.
    const { key } = await createApiKeyRegistry({ resource, secret, store }).create(wanted);
    const expired = await registry.create({ ...wanted, days: 1 });
    const seen: string[] = [];
    const listener = await protect(
      {
        resource,
        issuer: issuer.issuer,
        apiKeys: createApiKeyVerifier({ resource, secret, store }),
        tools: { read: ['notes:read'] },
        environment: detectEnvironment({ ENVIRONMENT: 'development' }),
        openPaths: ['/health'],
        openHandler: (_request, response) => void response.end('healthy'),
        audit: { emit: () => {} },
        onEvent: () => {},
      },
      (request, response) => {
        seen.push(JSON.stringify([request.headers, request.rawHeaders, request.headersDistinct]));
        response.setHeader('Content-Type', 'application/json').end('{}');
      },
    );
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await listener.close();
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const call = async (headers: Readonly<Record<string, string>>) => {
      const { status } = await fetch(`${origin}/mcp`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Host: 'notes.acme-corp.dev', ...headers },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read"}}',
      });
      return status;
    };
    const good = key.reveal();
    const jwt = await issuer.issueToken({ resource, scopes: ['notes:read'] });
    const open = (headers: Readonly<Record<string, string>>) =>
      fetch(`${origin}/health`, { headers }).then(({ status }) => status);

    expect(await call({ 'X-API-Key': good })).toBe(200);
    expect(await call({ Authorization: `Bearer ${good}`, 'X-Copy': good })).toBe(200);
    expect(await call({ Authorization: `Bearer ${jwt}` })).toBe(200);
    expect(await call({ 'X-API-Key': good, Authorization: `Bearer ${jwt}` })).toBe(400);
    expect(await call({ 'X-API-Key': good, Authorization: 'Basic YTpi' })).toBe(400);
    expect(await call({ 'X-API-Key': expired.key.reveal() })).toBe(401);
    expect(await call({ 'X-API-Key': '' })).toBe(400);
    expect(await call({})).toBe(401);
    expect(await open({})).toBe(200);
    // Credentials are never ignored.
    expect(await open({ 'X-API-Key': 'x' })).not.toBe(200);
    expect(seen).toHaveLength(3);
    expect(seen.join('')).not.toContain(good.slice(10, 30));
    expect(seen.join('').toLowerCase()).not.toContain('x-api-key');
  });

  it('KEY-01: the prefix alone decides, and nothing is tried at both', async () => {
    const { registry, verifier, clock } = await setUp();
    const { key } = await registry.create(wanted);
    const seen: string[] = [];
    const both = verifier.beside({
      name: 'jwt',
      readings: () => ({ cacheHits: 1, cacheMisses: 2, cachedTokens: 3 }),
      close: async () => void seen.push('closed'),
      async prepare() {
        throw new Error('not now');
      },
      async verify(token) {
        seen.push(token);
        throw new Error('seen');
      },
    });
    await both.prepare?.();
    expect(both.name).toBe('jwt-or-api-key');
    expect(await outcomeOf(both, key, clock.seconds)).toBe('verified');
    expect(await outcomeOf(both, makeKey(), clock.seconds)).toBe('token_inactive');
    expect(await outcomeOf(both, 'sallyport_', clock.seconds)).toBe('token_malformed');
    for (const other of ['Sallyport_x', 'eyJ.eyJ.x', 'opaque']) {
      await expect(outcomeOf(both, other, clock.seconds)).rejects.toThrow('seen');
    }
    expect(both.readings?.()).toMatchObject({ cachedTokens: 4 });
    await both.close?.();
    expect(seen).toEqual(['Sallyport_x', 'eyJ.eyJ.x', 'opaque', 'closed']);
    expect(() => verifier.beside({} as never)).toThrow(ConfigError);
  });
});

describe('options', () => {
  it.each<[string, object]>([
    ['apiKey.resource', { resource: 'notes' }],
    ['apiKey.secret', { secret: new Secret('x'.repeat(31)) }],
    ['apiKey.secret', { secret: 'x'.repeat(64) }],
    ['apiKey.previousSecret', { previousSecret: new Secret(` ${'x'.repeat(31)} `) }],
    ['apiKey.maximumKeys', { maximumKeys: 0 }],
    ['apiKey.maximumKeys', { maximumKeys: 1.5 }],
    ['apiKey.store', { store: {} }],
  ])('refuses %s in %o', async (option, changes) => {
    const store = createFileKeyStore({ path: '/nowhere/keys.json' });
    const create = () =>
      createApiKeyVerifier({ resource, secret: makeSecret(), store, ...changes } as never);

    expect(create).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
  });

  it.each<[string, object]>([
    ['key.owner', { owner: '' }],
    ['key.owner', { owner: ' a' }],
    ['key.owner', { owner: 'a\u001b[2J' }],
    ['key.client', { client: 'x'.repeat(201) }],
    ['key.scopes', { scopes: ['a b'] }],
    ['key.days', { days: 0 }],
    ['key.days', { days: 367 }],
    ['key.days', { days: Number.NaN }],
  ])('of a new key: refuses %s in %o', async (option, changes) => {
    const { registry } = await setUp();

    await expect(registry.create({ ...wanted, ...changes })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(option),
    });
  });

  it('refuses a path that is not absolute, and an overlap out of its range', async () => {
    const { registry } = await setUp();
    const { id } = await registry.create(wanted);

    expect(() => createFileKeyStore({ path: 'keys.json' })).toThrow('apiKeyFile.path');
    await expect(registry.rotate(id, { overlapSeconds: -1 })).rejects.toThrow('overlapSeconds');
    await expect(registry.rotate(id, { days: 400 })).rejects.toThrow('rotation.days');
  });

  it('finds the id of a key that somebody lost', async () => {
    const { registry } = await setUp();
    const { key, id } = await registry.create(wanted);

    expect(await registry.identify(key.reveal())).toBe(id);
    expect(await registry.identify(makeKey())).toBeUndefined();
    expect(await registry.identify('eyJ')).toBeUndefined();
  });
});
