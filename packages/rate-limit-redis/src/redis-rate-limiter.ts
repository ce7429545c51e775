import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type RateLimiter,
} from '@sallyport/core';
import { createBreaker } from './breaker.ts';
import type { RateLimitEvent } from './rate-limit-event.ts';
import type { RedisClient } from './redis-client.ts';
import { createSharedLimit } from './shared-limit.ts';
import { assertTimeout } from './timeout.ts';

/** Options for {@link createRedisRateLimiter}. */
export interface RedisRateLimiterOptions {
  /** Of `connectRedis`, or your own: an ioredis or iovalkey client, or a cluster. Not closed. */
  readonly client: RedisClient;
  /**
   * The limiter of this instance alone, with the same limit: `createMemoryRateLimiter` of
   * `@sallyport/rate-limit`. It is told of every failure that is allowed, decides while Redis is
   * away, and is closed with this one. Whom it does not allow, Redis is not asked about.
   */
  readonly fallback: RateLimiter;
  /**
   * How many failures of one key all instances together allow in any interval of
   * {@link windowSeconds}; of an IPv6 /48 as a whole, 16 times as many. An integer from 1 to 10,000.
   * Default 10.
   */
  readonly maximumAttempts?: number;
  /** For how long a failure counts. From 1 to 86,400 seconds (a day). Default 60. */
  readonly windowSeconds?: number;
  /**
   * How all names in Redis begin: up to 100 letters, digits and `: . _ -`. Those who share it share
   * the limit. Default `sallyport:failures:`.
   */
  readonly prefix?: string;
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

const probeEveryMs = 500;
// Errors of a server that is not Redis, has another role, or answers another command.
const needsNewConnection: ReadonlySet<string> = new Set([
  ...['unexpected_answer', 'timeout', 'ERR', 'MOVED', 'READONLY', 'WRONGTYPE'],
]);

const optionChecks: Checks<RedisRateLimiterOptions> = {
  client: check.shape('a Redis client', { eval: 'function', evalsha: 'function' }),
  fallback: check.rateLimiter,
  maximumAttempts: check.optional(check.number),
  windowSeconds: check.optional(check.number),
  prefix: check.optional(check.text),
  timeoutSeconds: check.optional(check.number),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/**
 * Counts failures in Redis or Valkey, so that any number of instances have one limit. While that is
 * slow or away, each of them has it for itself, within 100 ms: neither open nor closed.
 *
 * @throws {ConfigError} `rateLimit.maximumAttempts`, `rateLimit.windowSeconds`, `rateLimit.prefix`,
 *   `rateLimit.timeoutSeconds` or `rateLimit.fallback` when it is out of its range.
 */
export function createRedisRateLimiter(given: RedisRateLimiterOptions): RateLimiter {
  const options = checkOptions('rateLimit', given, optionChecks);
  const { client, fallback, maximumAttempts = 10, windowSeconds = 60 } = options;
  const { prefix = 'sallyport:failures:', timeoutSeconds = 0.1 } = options;
  const { monotonicNow = () => performance.now() } = options;
  if (typeof fallback?.countFailure !== 'function') {
    throw new ConfigError('rateLimit.fallback', 'must be a rate limiter');
  }
  if (!Number.isInteger(maximumAttempts) || maximumAttempts < 1 || maximumAttempts > 10_000) {
    throw new ConfigError('rateLimit.maximumAttempts', 'must be an integer from 1 to 10000');
  }
  if (typeof windowSeconds !== 'number' || !(windowSeconds >= 1 && windowSeconds <= 86_400)) {
    throw new ConfigError('rateLimit.windowSeconds', 'must be a number from 1 to 86400');
  }
  if (typeof prefix !== 'string' || !/^[\w:.-]{1,100}$/.test(prefix)) {
    throw new ConfigError('rateLimit.prefix', 'must be 1 to 100 letters, digits and : . _ -');
  }
  assertTimeout('rateLimit.timeoutSeconds', timeoutSeconds);

  const tell = createReporter<RateLimitEvent>(options.onEvent);
  const shared = createSharedLimit({ client, maximumAttempts, windowSeconds, prefix });
  const breaker = createBreaker({
    timeoutMs: timeoutSeconds * 1_000,
    probeEveryMs,
    monotonicNow,
    onFailure: (reason) => {
      if (needsNewConnection.has(reason)) client.dropConnection?.();
    },
    onOpen: (reason) => tell({ type: 'redis_unavailable', reason }),
    onClose: (outageMs) =>
      tell({ type: 'redis_available', outageSeconds: Math.ceil(outageMs / 1_000) }),
  });

  const readings = fallback.readings?.bind(fallback);
  return {
    async peek(key) {
      const own = await fallback.peek(key);
      if (!own.allowed) return own;
      const decision = await breaker.run(
        () => shared.peek(key),
        () => shared.probe(key),
      );
      return decision ?? own;
    },

    async countFailure(key) {
      const decision = await breaker.run(
        () => shared.countFailure(key),
        () => shared.probe(key),
      );
      if (decision?.allowed === false) return decision;
      // So that this instance knows its own share when Redis is lost, or has lost its memory.
      const own = await fallback.countFailure(key);
      return own.allowed ? (decision ?? own) : own;
    },

    // Counting what all instances have would cost Redis more than it is worth.
    ...(readings && { readings }),

    async close() {
      await fallback.close?.();
    },
  };
}
