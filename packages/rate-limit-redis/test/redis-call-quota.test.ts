import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthError, AuthorizationRule, CallQuota, RuleRequest } from '@sallyport/core';
import { createMemoryCallQuota, type MemoryCallQuotaOptions } from '@sallyport/rate-limit';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRedisCallQuota, type RateLimitEvent } from '../src/index.ts';
import { connect, freshPrefix } from './set-up.ts';
import { withClock } from './timed-client.ts';

function requestOf(tool = 'read', subject = 'user-1', calls = 1): RuleRequest {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } };
  return {
    principal: {
      ...{ issuer: 'https://auth.example.com', subject, clientId: 'client-1', audience: [] },
      ...{ scopes: new Set<string>(), expiresAt: 2_000_000_000, claims: {} },
    },
    operation: { name: 'tools/call', scopes: [], message: new Array(calls).fill(message) },
    clientKey: '192.0.2.1',
    nowSeconds: 0,
    signal: undefined,
  };
}

async function call(quota: AuthorizationRule, ...request: Parameters<typeof requestOf>) {
  const refusal: AuthError | undefined = await quota.check(requestOf(...request));
  if (refusal !== undefined) expect(refusal.code).toBe('quota_exceeded');
  return refusal?.retryAfterSeconds ?? 0;
}

/** Never decides: what is left is Redis alone. */
function withoutMemory(options: MemoryCallQuotaOptions): CallQuota {
  return { ...createMemoryCallQuota(options), peek: () => undefined, count: () => undefined };
}

describe.skipIf(!hasRedis)('createRedisCallQuota', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  async function start(fallback: CallQuota, prefix = freshPrefix(), timeoutSeconds = 5) {
    const events: RateLimitEvent[] = [];
    const client = await connect(server.url, timeoutSeconds);
    const onEvent = (event: RateLimitEvent): void => void events.push(event);
    const quota = createRedisCallQuota({ client, fallback, prefix, timeoutSeconds, onEvent });
    return { quota, events, prefix };
  }
  const list = (prefix: string) => server.send('KEYS', `${prefix}*`) as Promise<string[]>;

  it('RL-17: gives all instances one quota, of all calls and of each tool', async () => {
    const prefix = freshPrefix();
    const limits = { calls: 20, windowSeconds: 60, tools: { report: { calls: 3 } } };
    const instances = await Promise.all(
      Array.from({ length: 4 }, () => start(createMemoryCallQuota(limits), prefix)),
    );
    const all = (tool: string, times: number) =>
      Promise.all(
        instances.flatMap(({ quota }) => Array.from({ length: times }, () => call(quota, tool))),
      );
    const reports = await all('report', 3);
    const reads = await all('read', 10);

    expect(reports.filter((wait) => wait === 0)).toHaveLength(3);
    expect(reads.filter((wait) => wait === 0)).toHaveLength(17);
    // Another caller has another quota.
    expect(await call(instances[3]?.quota as AuthorizationRule, 'report', 'user-2')).toBe(0);
    for (const { events } of instances) expect(events).toEqual([]);
  });

  it.each([
    ['few', { calls: 7, windowSeconds: 90, tools: { 'a*': { calls: 3, windowSeconds: 180 } } }],
    ['many', { calls: 40, windowSeconds: 90, tools: { 'a*': { calls: 15, windowSeconds: 180 } } }],
  ])('RL-17: decides over %s calls as an instance does, batches included', async (_how, limits) => {
    const clock = { milliseconds: 1_790_000_000_000 };
    const own = createMemoryCallQuota({ ...limits, monotonicNow: () => clock.milliseconds });
    const client = withClock(await connect(server.url, 5), clock);
    const fallback = withoutMemory(limits);
    const options = { client, fallback, prefix: freshPrefix(), timeoutSeconds: 5 };
    const shared = createRedisCallQuota(options);
    let refused = 0;
    for (let step = 0; step < 250; step += 1) {
      // A full period of pauses and sizes, most of them short.
      if (step % 5 === 0) clock.milliseconds += ((step * 37) % 53) * 500;
      const request = [step % 3 === 0 ? 'a1' : 'b', 'user-1', ((step * 7) % 4) + 1] as const;
      const [left, right] = [await call(own, ...request), await call(shared, ...request)];
      expect(right, `step ${step}`).toBeCloseTo(left, 3);
      if (left > 0) refused += 1;
    }
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(240);
  });

  it('RL-20: lets each instance count by itself while Redis is away, less what it allowed before', async () => {
    const own = await startRedis();
    onTestFinished(() => own.stop());
    const limits = { calls: 12, windowSeconds: 3_600 };
    const prefix = freshPrefix();
    const timeoutSeconds = 1;
    const open = async () => {
      const events: RateLimitEvent[] = [];
      const client = await connect(own.url, timeoutSeconds);
      const fallback = createMemoryCallQuota(limits);
      const onEvent = (event: RateLimitEvent): void => void events.push(event);
      const quota = createRedisCallQuota({ client, fallback, prefix, timeoutSeconds, onEvent });
      return { quota, events };
    };
    const [one, other] = [await open(), await open()];
    const allowed = async ({ quota }: typeof one, times: number) => {
      const waits = [];
      for (let index = 0; index < times; index += 1) waits.push(await call(quota));
      // No call waits for longer than the window and a ninth of it.
      expect(Math.max(...waits)).toBeLessThanOrEqual(4_000);
      return waits.filter((wait) => wait === 0).length;
    };
    expect([await allowed(one, 5), await allowed(other, 2)]).toEqual([5, 2]);
    await own.kill();

    // Never more than the limit from one instance.
    expect([await allowed(one, 20), await allowed(other, 20)]).toEqual([7, 10]);
    expect(one.events).toEqual([
      { type: 'redis_unavailable', limits: 'calls', reason: expect.any(String) },
    ]);
    await own.start();
    await vi.waitUntil(
      async () => {
        await call(one.quota, 'read', 'user-2');
        return one.events.length > 1;
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(one.events[1]).toMatchObject({ type: 'redis_available', limits: 'calls' });
    // It has lost its memory: the instances have not.
    expect([await allowed(one, 5), await allowed(other, 5)]).toEqual([0, 0]);
  });

  it('RL-20: asks Redis about no caller whom the instance refuses already', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return [1, 0];
    };
    const fallback = createMemoryCallQuota({ calls: 1 });
    const quota = createRedisCallQuota({ client: { eval: ask, evalsha: ask }, fallback });
    expect(
      [await call(quota), await call(quota), await call(quota)].map((wait) => wait > 0),
    ).toEqual([false, true, true]);
    expect(asked).toBe(1);
  });

  it('RL-18: asks Redis about nothing that does not count', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const quota = createRedisCallQuota({
      client: { eval: never, evalsha: never },
      fallback: createMemoryCallQuota({ calls: 1 }),
      onEvent: ({ type }) => {
        throw new Error(type);
      },
    });
    const request = requestOf();
    const ping = { ...request, operation: { ...request.operation, message: { method: 'ping' } } };
    for (let index = 0; index < 5; index += 1) expect(await quota.check(ping)).toBe(undefined);
    expect(quota.readings()).toEqual({ callers: 0 });
  });

  it('RL-11, RL-14: leaves names of digests, and all of them expire', async () => {
    const tools = { 'a*': { calls: 5, windowSeconds: 600 }, '{x}\r\nDEL': { calls: 5 } };
    const { quota, prefix } = await start(createMemoryCallQuota({ calls: 50, tools }));
    for (const subject of ['*', '}{x', '\r\nFLUSHALL\r\n', 'user-1']) {
      for (const tool of ['a1', '{x}\r\nDEL', 'b']) await call(quota, tool, subject);
    }
    const names = await list(prefix);
    const ends = await Promise.all(names.map((name) => server.send('PTTL', name)));

    expect(names).toHaveLength(12);
    for (const name of names) {
      expect(name.slice(prefix.length)).toMatch(/^\{[\da-f]{32}\}:(?:all|[\da-f]{32})$/);
    }
    for (const end of ends) {
      expect(end).toBeGreaterThan(0);
      expect(end).toBeLessThanOrEqual(700_000);
    }
  });

  it('RL-20: answers within the time limit when Redis never does, and closes the fallback', async () => {
    const fallback = createMemoryCallQuota({ calls: 1 });
    let closed = 0;
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const never = () => new Promise<never>(() => {});
    const client = { eval: never, evalsha: never };
    const quota = createRedisCallQuota({ client, fallback: { ...fallback, close } });
    const tooLate = sleep(5_000, 'too late', { ref: false });

    expect(await Promise.race([call(quota), tooLate])).toBe(0);
    expect(await call(quota)).toBeGreaterThan(0);
    await quota.close?.();
    expect(closed).toBe(1);
  });

  it.each<[string, object]>([
    ['quota.client', { client: {} }],
    ['quota.fallback', { fallback: undefined }],
    ['quota.fallback', { fallback: { name: 'quota', check: () => undefined } }],
    ['quota.prefix', { prefix: 'a b' }],
    ['quota.timeoutSeconds', { timeoutSeconds: 6 }],
    ['quota.calls', { calls: 5 }],
  ])('RL-15: refuses to start with %s of %j', (option, wrong) => {
    const nobody = async () => undefined;
    const good = {
      client: { eval: nobody, evalsha: nobody },
      fallback: createMemoryCallQuota({ calls: 1 }),
    };
    expect(() => createRedisCallQuota(good)).not.toThrow();
    expect(() => createRedisCallQuota({ ...good, ...wrong })).toThrow(option);
  });
});
