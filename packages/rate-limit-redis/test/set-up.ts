import { randomUUID } from 'node:crypto';
import type { RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import {
  connectRedis,
  createRedisRateLimiter,
  type RateLimitEvent,
  type RedisRateLimiterOptions,
} from '../src/index.ts';
import { withClock } from './timed-client.ts';

/** One that no other test has. */
export const freshPrefix = (): string => `test-${randomUUID()}:`;

/** A client, for as long as the test lasts. */
export async function connect(url: string, timeoutSeconds = 0.1): Promise<Redis> {
  const client = await connectRedis({ url, timeoutSeconds });
  onTestFinished(() => client.disconnect());
  return client;
}

type Settings = Omit<RedisRateLimiterOptions, 'client' | 'fallback' | 'onEvent' | 'monotonicNow'>;

/** An instance, as a server would compose it, and what it tells. */
export async function startInstance(
  url: string,
  settings: Settings = {},
): Promise<{ limiter: RateLimiter; events: RateLimitEvent[]; client: Redis }> {
  const { maximumAttempts = 10, windowSeconds = 60, timeoutSeconds } = settings;
  const events: RateLimitEvent[] = [];
  const client = await connect(url, timeoutSeconds);
  const limiter = createRedisRateLimiter({
    client,
    fallback: createMemoryRateLimiter({ maximumAttempts, windowSeconds }),
    onEvent: (event) => events.push(event),
    ...settings,
  });
  return { limiter, events, client };
}

/** Never decides: what is left is Redis alone. */
export const allowsAll: RateLimiter = {
  peek: async () => ({ allowed: true, retryAfterSeconds: 0 }),
  countFailure: async () => ({ allowed: true, retryAfterSeconds: 0 }),
};

/**
 * Instances that share a Redis, and a clock that the test moves: that of Redis, and their own.
 */
export async function startTimedInstances(url: string, count: number, settings: Settings = {}) {
  const { maximumAttempts = 10, windowSeconds = 60, prefix = freshPrefix() } = settings;
  const clock = { milliseconds: 1_790_000_000_000 };
  const monotonicNow = () => clock.milliseconds;
  const events: RateLimitEvent[] = [];
  // A busy machine is not an outage.
  const timeoutSeconds = 5;
  const client = await connect(url, timeoutSeconds);
  const limiters = Array.from({ length: count }, () =>
    createRedisRateLimiter({
      client: withClock(client, clock),
      fallback:
        count === 1
          ? allowsAll
          : createMemoryRateLimiter({ maximumAttempts, windowSeconds, monotonicNow }),
      onEvent: (event) => events.push(event),
      monotonicNow,
      timeoutSeconds,
      ...settings,
      prefix,
    }),
  );
  const advance = (seconds: number): void => {
    clock.milliseconds += seconds * 1_000;
  };
  return { limiters, advance, client, prefix, events };
}
