import { connectRedis } from '@sallyport/rate-limit-redis';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryReplayStore,
  createRedisReplayStore,
  type RedisClient,
  type ReplayEvent,
} from '../src/index.ts';
import { createJudge, now, prove } from './fixture.ts';

const used = (id: string) => ({ id, thumbprint: 'key', expiresAt: now + 300 });

describe.skipIf(!hasRedis)('with a real Redis', () => {
  let redis: RedisServer;
  let client: Awaited<ReturnType<typeof connectRedis>>;

  beforeAll(async () => {
    redis = await startRedis();
    client = await connectRedis({ url: redis.url });
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await client.flushall();
  });

  it('lets one of many instances have a proof, also at once (DPOP-08)', async () => {
    const judges = Array.from({ length: 10 }, () =>
      createJudge({ replay: createRedisReplayStore({ client }) }),
    );
    const proof = await prove();
    const outcomes = await Promise.all(judges.map((judge) => judge(proof)));

    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes).toContain('dpop_proof_invalid: replay');
  });

  it('writes one name with an end, and nothing of the proof', async () => {
    const judge = createJudge({ replay: createRedisReplayStore({ client, prefix: 'p:' }) });
    await judge(await prove({ jti: 'an identifier' }));
    const [name = '', ...others] = await client.keys('*');
    const left = await client.pttl(name);

    expect(others).toEqual([]);
    expect(name).toMatch(/^p:[\w-]{43}$/);
    expect(await client.get(name)).toBe('');
    // To the end of the proof, and a minute for clocks that differ.
    expect(left).toBeGreaterThan(300_000);
    expect(left).toBeLessThanOrEqual(360_000);
  });

  it('CASE-67: reports a Redis that evicts, and none that does not', async () => {
    const events: ReplayEvent[] = [];
    const open = () => createRedisReplayStore({ client, onEvent: (event) => events.push(event) });
    expect(await open().remember(used('quiet'), now)).toBe(true);
    await client.info('memory');
    expect(events).toEqual([]);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await open().remember(used('loud'), now);
      await client.info('memory');
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
    }

    expect(events).toEqual([{ type: 'redis_evicts', policy: 'allkeys-lru' }]);
  });

  it('remembers for itself while Redis does not write, and shares again after it', async () => {
    const clock = { milliseconds: 0 };
    const events: ReplayEvent[] = [];
    const options = { client, monotonicNow: () => clock.milliseconds };
    const store = createRedisReplayStore({ ...options, onEvent: (event) => events.push(event) });
    const other = createRedisReplayStore(options);
    await client.config('SET', 'min-replicas-to-write', '1');
    try {
      expect(await store.remember(used('one'), now)).toBe(true);
      expect(await store.remember(used('one'), now)).toBe(false);
      expect(await store.remember(used('two'), now)).toBe(true);
    } finally {
      await client.config('SET', 'min-replicas-to-write', '0');
    }
    clock.milliseconds = 500;

    expect(await store.remember(used('three'), now)).toBe(true);
    expect(await other.remember(used('three'), now)).toBe(false);
    expect(events).toEqual([
      { type: 'redis_unavailable', reason: 'rejected' },
      { type: 'redis_available' },
    ]);
  });
});

describe('the eviction policy of Redis', () => {
  const storeOf = (info: RedisClient['info'], set: RedisClient['set'] = async () => 'OK') => {
    const events: ReplayEvent[] = [];
    const asked = { count: 0 };
    const client: RedisClient = {
      set,
      info: async (section) => {
        asked.count += 1;
        return info?.(section);
      },
    };
    const store = createRedisReplayStore({ client, onEvent: (event) => events.push(event) });
    return { store, events, asked };
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

  it.each<[string, string | undefined]>([
    ['noeviction', undefined],
    ['allkeys-lru', 'allkeys-lru'],
    ['volatile-ttl', 'volatile-ttl'],
    ['', 'unknown'],
    ['<script>', 'unknown'],
  ])('CASE-67: is asked for at the start: of %j is reported %j', async (policy, reported) => {
    const { events } = storeOf(
      async () => `# Memory\r\nmaxmemory:1024\r\nmaxmemory_policy:${policy}\r\nx:1\r\n`,
    );
    await settle();

    expect(events).toEqual(
      reported === undefined ? [] : [{ type: 'redis_evicts', policy: reported }],
    );
  });

  it('CASE-67: is asked for again while Redis is away, and reported once', async () => {
    const answers = [new Error('away'), 'maxmemory_policy:allkeys-lru\r\n'];
    const { store, events, asked } = storeOf(async () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    });
    await settle();
    for (const id of ['one', 'two', 'three']) {
      await store.remember(used(id), now);
      await settle();
    }

    expect([asked.count, events]).toEqual([2, [{ type: 'redis_evicts', policy: 'allkeys-lru' }]]);
  });

  it('CASE-67: is unknown where Redis answers, and refuses to say', async () => {
    const { store, events, asked } = storeOf(() => Promise.reject(new Error('NOPERM')));
    for (const id of ['one', 'two', 'three']) {
      await store.remember(used(id), now);
      await settle();
    }

    expect([asked.count, events]).toEqual([2, [{ type: 'redis_evicts', policy: 'unknown' }]]);
  });
});

describe('with a Redis that fails', () => {
  it('CASE-62: drops a connection whose answer makes no sense, and no other', async () => {
    const dropped: unknown[] = [];
    for (const answer of ['QUEUED', 7, [], {}, undefined, new Error('READONLY'), 'OK', null]) {
      const client: RedisClient = {
        set: async () => {
          if (answer instanceof Error) throw answer;
          return answer;
        },
        dropConnection: () => dropped.push(answer),
      };
      const store = createRedisReplayStore({ client });
      expect(await store.remember(used('one'), now)).toBe(answer !== null);
    }

    expect(dropped).toEqual(['QUEUED', 7, [], {}, undefined]);
  });

  function setUp(answer: () => Promise<unknown>) {
    const clock = { milliseconds: 0 };
    const events: ReplayEvent[] = [];
    const calls: string[] = [];
    const client: RedisClient = {
      set(key) {
        calls.push(key);
        return answer();
      },
    };
    const store = createRedisReplayStore({
      client,
      fallback: createMemoryReplayStore(),
      monotonicNow: () => clock.milliseconds,
      onEvent: (event) => {
        events.push(event);
        throw new Error('a listener that breaks');
      },
    });
    return { clock, events, calls, store };
  }

  it.each<[string, () => Promise<unknown>]>([
    ['rejected', () => Promise.reject(new Error('ECONNREFUSED secret'))],
    ['timeout', () => new Promise(() => {})],
    ['unexpected_answer', async () => 'QUEUED'],
  ])(
    'decides by its own memory, tells it once, and asks no more for a while: %s',
    async (reason, answer) => {
      const { clock, events, calls, store } = setUp(answer);

      expect(await store.remember(used('one'), now)).toBe(true);
      expect(await store.remember(used('one'), now)).toBe(false);
      expect(await store.remember(used('two'), now)).toBe(true);
      expect(events).toEqual([{ type: 'redis_unavailable', reason }]);
      expect(calls).toHaveLength(1);
      clock.milliseconds = 500;
      expect(await store.remember(used('three'), now)).toBe(true);
      expect(calls).toHaveLength(2);
      expect(events).toHaveLength(1);
    },
  );

  it('has one request find out whether it is back, and the others not wait', async () => {
    const { clock, calls, store } = setUp(() => Promise.reject(new Error('away')));
    await store.remember(used('first'), now);
    clock.milliseconds = 500;
    const all = ['a', 'b', 'c', 'd'].map((id) => store.remember(used(id), now));

    expect(await Promise.all(all)).toEqual([true, true, true, true]);
    expect(calls).toHaveLength(2);
  });

  it('takes the word of Redis about what another instance has seen', async () => {
    const { events, store } = setUp(async () => null);

    expect(await store.remember(used('one'), now)).toBe(false);
    expect(events).toEqual([]);
  });
});

it.each(['', 'has space', '{tag}', 'x'.repeat(101)])('stops at the prefix %j', (prefix) => {
  expect(() => createRedisReplayStore({ client: { set: async () => 'OK' }, prefix })).toThrow(
    expect.objectContaining({ name: 'ConfigError', option: 'dpop.replay.prefix' }),
  );
});
