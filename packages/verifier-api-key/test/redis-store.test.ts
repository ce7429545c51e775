import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createApiKeyRegistry, createFileKeyStore } from '../src/index.ts';
import { makeKey } from '../src/key/key-format.ts';
import { createRedisKeyStore, type RedisKeyClient } from '../src/redis.ts';
import {
  readCount,
  readHash,
  readOptionalText,
  readPage,
  reasonOf,
} from '../src/stores/redis-replies.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { makeSecret, resource, setUp } from './set-up.ts';

const wanted = { owner: 'ci@acme-corp.dev', client: 'deploy', scopes: ['notes:read'] };
type Client = Awaited<ReturnType<RedisServer['connect']>>;

describe.skipIf(!hasRedis)('keys in a real Redis, over TLS', () => {
  let server: RedisServer;
  let client: Client;
  beforeAll(async () => {
    server = await startRedis();
    client = await server.connect();
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    // The store may have closed the connection in the test before.
    await expect.poll(() => client.flushall().catch(() => undefined)).toBe('OK');
  });

  // A busy machine is not an outage.
  const storeOf = (of: RedisKeyClient = client) =>
    createRedisKeyStore({ client: of, resource, timeoutSeconds: 1 });

  async function connectAs(user: string, password: string): Promise<Client> {
    const connected = await server.connect(server.urlOf(user, password));
    onTestFinished(() => connected.disconnect());
    return connected;
  }

  it('KEY-01: a revocation is in force on every instance within 5 seconds', async () => {
    const secret = makeSecret();
    const [one, other] = [
      await setUp({ store: storeOf(), secret }),
      await setUp({ store: storeOf(), secret }),
    ];
    const { key, id } = await one.registry.create(wanted);
    const before = [await one.ask(key), await other.ask(key)];
    await other.registry.revoke(id);
    one.advance(4);
    other.advance(4);

    expect(before).toEqual(['verified', 'verified']);
    expect([await one.ask(key), await other.ask(key)]).toEqual([
      'token_inactive',
      'token_inactive',
    ]);
    expect(await one.registry.list()).toMatchObject([{ id, status: 'revoked' }]);
    expect(await one.registry.revoke('0123456789ab')).toBe(false);
  });

  it('KEY-01: while Redis is away, a key passes for 4 seconds after it was read, and then gets 503', async () => {
    const { registry, ask, advance, events } = await setUp({ store: storeOf() });
    const [seen, unseen, gone] = [
      await registry.create(wanted),
      await registry.create(wanted),
      await registry.create(wanted),
    ];
    await registry.revoke(gone.id);
    const before = [await ask(seen.key), await ask(gone.key)];
    await server.kill();
    const unknown = [await ask(unseen.key), await ask(makeKey())];
    advance(3.9);
    const early = [await ask(seen.key), await ask(gone.key)];
    advance(0.1);
    const late = [await ask(seen.key), await ask(unseen.key), await ask(gone.key)];
    await server.start();
    while ((await client.ping().catch(() => '')) !== 'PONG') await sleep(20);
    advance(0.3);
    const after = [await ask(seen.key), await ask(unseen.key), await ask(gone.key)];

    expect(before).toEqual(['verified', 'token_inactive']);
    expect(unknown).toEqual(['upstream_unavailable', 'upstream_unavailable']);
    expect(early).toEqual(['verified', 'token_inactive']);
    expect(late).toEqual(['upstream_unavailable', 'upstream_unavailable', 'token_inactive']);
    expect(after).toEqual(['verified', 'verified', 'token_inactive']);
    expect(events).toMatchObject([
      {
        type: 'api_keys_unavailable',
        store: 'redis',
        detail: 'API keys: Redis failed (connection)',
      },
      { type: 'api_keys_available', store: 'redis' },
    ]);
  });

  it('KEY-01: a Redis that is frozen is an outage after its timeout, and no request waits longer', async () => {
    const { registry, ask, events, advance } = await setUp({ store: storeOf() });
    const { key } = await registry.create(wanted);
    server.freeze();
    try {
      const outcomes = await Promise.all([ask(key), ask(key), ask(makeKey())]);
      expect(outcomes).toEqual(Array(3).fill('upstream_unavailable'));
      expect(events).toMatchObject([{ detail: 'API keys: Redis failed (timeout)' }]);
    } finally {
      server.thaw();
    }
    while ((await client.ping().catch(() => '')) !== 'PONG') await sleep(20);
    advance(0.3);
    expect(await ask(key)).toBe('verified');
  });

  it('KEY-01: yields nothing to whoever reads it, and gives no key more scopes', async () => {
    const { registry, ask, secret, events } = await setUp({ store: storeOf() });
    const { key } = await registry.create(wanted);
    const [name = ''] = await client.keys('*:key:*');
    const all = JSON.stringify(await client.hgetall(name));
    await client.hset(
      name,
      'record',
      (await client.hget(name, 'record'))?.replace('read', 'admin') ?? '',
    );

    for (const text of [name, all]) {
      expect(text).not.toContain(key.reveal().slice(10, 22));
      expect(text).not.toContain(secret.reveal().slice(0, 12));
    }
    expect(name).not.toContain('acme-corp');
    expect(await ask(key)).toBe('token_inactive');
    expect(events).toMatchObject([{ type: 'api_key_record_changed' }]);
  });

  it('KEY-01: an instance may read records, and write nothing but the days of uses', async () => {
    await client.call(
      'ACL',
      'SETUSER',
      'server',
      'on',
      '>hunter2hunter2',
      'resetkeys',
      '+hmget',
      '+hset',
      '+hget',
      '+info',
      '%R~sallyport:keys:*:key:*',
      '%RW~sallyport:keys:*:used',
    );
    await client.call(
      'ACL',
      'SETUSER',
      'operator',
      'on',
      '>hunter3hunter3',
      'resetkeys',
      '~sallyport:keys:*',
      '+hmget',
      '+hset',
      '+hget',
      '+hdel',
      '+hscan',
      '+eval',
      '+exists',
      '+hexists',
      '+hsetnx',
      '+expire',
      '+info',
    );
    const secret = makeSecret();
    const operator = await setUp({
      store: storeOf(await connectAs('operator', 'hunter3hunter3')),
      secret,
    });
    const instance = await setUp({
      store: storeOf(await connectAs('server', 'hunter2hunter2')),
      secret,
    });
    const old = await operator.registry.create(wanted);
    const next = await operator.registry.rotate(old.id);
    await operator.registry.revoke(old.id);

    expect(await instance.ask(old.key)).toBe('token_inactive');
    expect(await instance.ask(next?.key ?? '')).toBe('verified');
    await expect
      .poll(async () => (await operator.registry.list()).map((key) => key.usedOn))
      .toContain('2026-01-01');
    await expect(instance.registry.revoke(next?.id ?? '')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: 'API keys: Redis failed (NOPERM)',
    });
    await expect(instance.registry.create(wanted)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
  });

  it('keeps keys of several resources apart, pages through many, and forgets old ones', async () => {
    const { registry, clock } = await setUp({ store: storeOf() });
    const elsewhere = 'https://files.acme-corp.dev/mcp';
    const others = createApiKeyRegistry({
      resource: elsewhere,
      secret: makeSecret(),
      store: createRedisKeyStore({ client, resource: elsewhere, timeoutSeconds: 1 }),
      now: () => clock.seconds * 1_000,
    });
    await others.create(wanted);
    // Small hashes come in one page.
    await client.config('SET', 'hash-max-listpack-entries', '16');
    for (let round = 0; round < 15; round += 1) {
      const made = Array.from({ length: 10 }, () => registry.create({ ...wanted, days: 1 }));
      await Promise.all(made);
    }
    const names = await client.keys('*:key:*');
    const ends = await Promise.all(names.map((name) => client.ttl(name)));
    const listed = (await registry.list()).length;
    const [first = ''] = names;
    await client.del(first);

    expect(listed).toBe(150);
    expect(Math.min(...ends)).toBeGreaterThan(30 * 86_400);
    const left = (await registry.list()).length + (await others.list()).length;
    expect(left).toBe(150);
    const ids = await Promise.all((await client.keys('*:ids')).map((name) => client.hlen(name)));
    expect(ids.reduce((sum, count) => sum + count, 0)).toBe(150);
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['no JSON', (name) => client.hset(name, 'record', 'x')],
    ['a value of another program', (name) => client.set(name, 'x')],
    ['another shape', (name) => client.hset(name, 'record', '{"id":1}')],
    ['a revocation that is no time', (name) => client.hset(name, 'revokedAt', 'x')],
  ])('a record that is %s is our fault, and no outage for other keys', async (_what, damage) => {
    const { registry, ask, events } = await setUp({ store: storeOf() });
    const broken = await registry.create(wanted);
    const [name = ''] = await client.keys('*:key:*');
    const good = await registry.create(wanted);
    await damage(name);

    expect(await ask(broken.key)).toBe('upstream_unavailable');
    expect(await ask(good.key)).toBe('verified');
    expect((await registry.list()).map(({ id }) => id)).toEqual([good.id]);
    expect(events).toEqual([]);
  });

  it('cannot be rotated after it was revoked, also between the look and the change', async () => {
    const { registry, store, secret } = await setUp({ store: storeOf() });
    const { id } = await registry.create(wanted);
    const late = {
      ...store,
      list: async () => {
        const keys = await store.list();
        await store.revoke(id, 1);
        return keys;
      },
    };
    const { registry: racing } = await setUp({ store: late, secret });

    await expect(racing.rotate(id)).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect((await registry.list()).length).toBe(1);
    const [{ record } = expect.fail('there is no key')] = await store.list();
    const replaced = { id: 'gone', endsAt: 1 };
    await expect(store.add({ ...record, id: 'next' }, replaced)).rejects.toMatchObject({
      detail: 'API keys: Redis has no key gone',
    });
  });
});

describe('createRedisKeyStore', () => {
  const call = async () => null;
  const good: RedisKeyClient = {
    hmget: call,
    hget: call,
    hset: call,
    hdel: call,
    hscan: call,
    eval: call,
  };

  it.each<[string, object]>([
    ['apiKeyRedis.prefix', { prefix: 'a b' }],
    ['apiKeyRedis.prefix', { prefix: '{a}' }],
    ['apiKeyRedis.timeoutSeconds', { timeoutSeconds: 0 }],
    ['apiKeyRedis.timeoutSeconds', { timeoutSeconds: 1.1 }],
    ['apiKeyRedis.timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['apiKeyRedis.client', { client: { ...good, eval: undefined } }],
  ])('refuses %s in %o', (option, changes) => {
    expect(() => createRedisKeyStore({ client: good, resource, ...changes } as never)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'OK'],
    ['a number', 1],
    ['too few values', [null]],
    ['other values', [1, 2, 3]],
  ])('an answer that is %s is an outage, and drops the connection', async (_what, answer) => {
    const dropped: string[] = [];
    const client = {
      ...good,
      hmget: async () => answer,
      dropConnection: () => void dropped.push(''),
    };
    const store = createRedisKeyStore({ client, resource });

    await expect(store.find('digest')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: 'API keys: Redis failed (unexpected_answer)',
    });
    expect(dropped).toHaveLength(1);
  });
});

it.each<[string, () => unknown]>([
  ['a page that is a number', () => readPage(7)],
  ['a page without its keys', () => readPage(['0'])],
  ['a page with half a key', () => readPage(['0', ['id']])],
  ['a page whose cursor is a number', () => readPage([0, []])],
  ['a record of two members', () => readHash([null, null])],
  ['a count with a fraction', () => readCount(0.5)],
  ['a text that is a number', () => readOptionalText(7)],
])('takes no other answer of Redis: %s', (_name, read) => {
  expect(read).toThrow(TypeError);
});

it.each([
  ['what is no error', 'connection'],
  [new Error('Command timed out'), 'timeout'],
  [new Error('NOPERM this user has no permissions'), 'NOPERM'],
  [new Error('lost'), 'connection'],
  [new TypeError('x'), 'unexpected_answer'],
])('names the reason of %s: %s', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});

it('refuses a resource that is not a URL', () => {
  const store = createFileKeyStore({ path: '/keys.json' });

  expect(() => createApiKeyRegistry({ resource: 'mcp', secret: makeSecret(), store })).toThrow(
    'apiKey.resource',
  );
});
