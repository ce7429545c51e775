import { describeRateLimiter } from '@sallyport/contract-tests';
import type { RateLimiter } from '@sallyport/core';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { startTimedInstances } from './set-up.ts';

describe.skipIf(!hasRedis).each([
  ['Redis alone, whatever the instance knows', 1],
  ['two instances that take turns', 2],
])('%s', (_name, count) => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  describeRateLimiter({
    async create(limit) {
      const { limiters, advance, events } = await startTimedInstances(server.url, count, limit);
      // An outage would leave the decisions to the instances.
      onTestFinished(() => expect(events).toEqual([]));
      return { limiter: takeTurns(limiters), advance };
    },
  });
});

/** One call goes to each, over and over. */
function takeTurns(limiters: readonly RateLimiter[]): RateLimiter {
  let calls = 0;
  const next = (): RateLimiter => {
    calls += 1;
    return limiters[calls % limiters.length] as RateLimiter;
  };
  return {
    peek: (key) => next().peek(key),
    countFailure: (key) => next().countFailure(key),
  };
}
