import { type Checks, ConfigError, check, checkOptions, type RateLimiter } from '@sallyport/core';
import { assertRedisOptions, type SharedRedisOptions, sharedRedisChecks } from './redis-options.ts';
import { createSharedBreaker } from './shared-breaker.ts';
import { createSharedLimit } from './shared-limit.ts';

/** Options for {@link createRedisRateLimiter}. */
export interface RedisRateLimiterOptions extends SharedRedisOptions {
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
}

const optionChecks: Checks<RedisRateLimiterOptions> = {
  ...sharedRedisChecks,
  fallback: check.rateLimiter,
  maximumAttempts: check.optional(check.number),
  windowSeconds: check.optional(check.number),
  prefix: check.optional(check.text),
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
  if (!Number.isInteger(maximumAttempts) || maximumAttempts < 1 || maximumAttempts > 10_000) {
    throw new ConfigError('rateLimit.maximumAttempts', 'must be an integer from 1 to 10000');
  }
  if (typeof windowSeconds !== 'number' || !(windowSeconds >= 1 && windowSeconds <= 86_400)) {
    throw new ConfigError('rateLimit.windowSeconds', 'must be a number from 1 to 86400');
  }
  assertRedisOptions('rateLimit', prefix, timeoutSeconds);

  const shared = createSharedLimit({ client, maximumAttempts, windowSeconds, prefix });
  const breaker = createSharedBreaker({
    client,
    timeoutSeconds,
    monotonicNow,
    onEvent: options.onEvent,
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
