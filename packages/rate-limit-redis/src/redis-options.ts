/** Options that every limit in Redis has, and their checks. */
import { type Checks, ConfigError, check } from '@sallyport/core';
import type { RateLimitEvent } from './rate-limit-event.ts';
import type { RedisClient } from './redis-client.ts';
import { assertTimeout } from './timeout.ts';

/** Options for every limit in Redis. */
export interface SharedRedisOptions {
  /** Of `connectRedis`, or your own: an ioredis or iovalkey client, or a cluster. Not closed. */
  readonly client: RedisClient;
  /**
   * Longest time that a request waits for Redis, in seconds: 0.01 to 5. Default 0.1. Set the same
   * time in `connectRedis`.
   */
  readonly timeoutSeconds?: number;
  /** Is told when Redis is lost and found, once each. */
  readonly onEvent?: (event: RateLimitEvent) => void;
  /** Clock for probes, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

export const sharedRedisChecks: Checks<SharedRedisOptions> = {
  client: check.shape('a Redis client', { eval: 'function', evalsha: 'function' }),
  timeoutSeconds: check.optional(check.number),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/** @throws {ConfigError} `prefix` or `timeoutSeconds` of this part when it is out of its range. */
export function assertRedisOptions(part: string, prefix: string, timeoutSeconds: number): void {
  if (typeof prefix !== 'string' || !/^[\w:.-]{1,100}$/.test(prefix)) {
    throw new ConfigError(`${part}.prefix`, 'must be 1 to 100 letters, digits and : . _ -');
  }
  assertTimeout(`${part}.timeoutSeconds`, timeoutSeconds);
}
