import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectRedis } from '../src/index.ts';
import { startLoad } from './load.ts';
import { describeOutages } from './outages.ts';
import { startInstance } from './set-up.ts';

// `nightly` holds the default time limit under a higher load.
const timeoutMs = 500;

describeOutages({ operationsPerSecond: 600, timeoutMs, recoversWithinMs: 10_000 });

describe.skipIf(!hasRedis)('a Redis under load', () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await server.stop();
  });

  it('is no outage when it forgets everything, scripts included (RL-10, RL-11)', async () => {
    const { limiter, events } = await startInstance(server.url, {
      timeoutSeconds: timeoutMs / 1_000,
    });
    const load = startLoad(limiter, 600, timeoutMs + 10);
    for (let failure = 0; failure < 10; failure += 1) await limiter.countFailure('198.51.100.1');
    for (let round = 0; round < 10; round += 1) {
      await server.send('FLUSHALL');
      await server.send('SCRIPT', 'FLUSH');
      await sleep(50);
    }
    expect(await server.send('KEYS', '*')).not.toEqual([]);

    // The instance that allowed them has not forgotten them.
    expect(await limiter.countFailure('198.51.100.1')).toMatchObject({ allowed: false });
    expect(await limiter.peek('198.51.100.1')).toMatchObject({ allowed: false });
    const { late, errors } = await load.stop();
    const reasons = events.map((event) => (event.type === 'redis_unavailable' ? event.reason : ''));
    expect({ late, errors }).toEqual({ late: 0, errors: [] });
    expect(reasons).not.toEqual(expect.arrayContaining([expect.stringMatching(/^[A-Z]+$/)]));
  });

  it('is waited for as long as the client was told, also for more than a second', async () => {
    const client = await connectRedis({ url: server.url, timeoutSeconds: 5 });
    onTestFinished(() => client.disconnect());
    await client.set('list', 'text');
    server.freeze();
    const answer = client.get('list');
    await sleep(1_500);
    server.thaw();

    expect(await answer).toBe('text');
  });

  it('may be away from the start (RL-10)', async () => {
    await server.kill();
    const { limiter, events } = await startInstance(server.url, {
      timeoutSeconds: timeoutMs / 1_000,
    });
    const load = startLoad(limiter, 600, timeoutMs + 10);
    const allowed = [];
    for (let failure = 0; failure < 12; failure += 1) {
      allowed.push((await limiter.countFailure('198.51.100.1')).allowed);
    }
    expect(allowed).toEqual(allowed.map((_, index) => index < 10));
    await server.start();
    await vi.waitUntil(() => events.length > 1, { timeout: 10_000 });

    const { late, errors } = await load.stop();
    expect({ late, errors }).toEqual({ late: 0, errors: [] });
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual([
      'redis_unavailable',
      'redis_available',
    ]);
  });
});
