import { hash } from 'node:crypto';
import { ConfigError, type RateLimitDecision, type RateLimiter } from '@sallyport/core';
import { createMonotonicClock } from './clock.ts';
import { dropExpired, type FailureLog, waitFor } from './failure-log.ts';

/** Options for {@link createMemoryRateLimiter}. */
export interface MemoryRateLimiterOptions {
  /**
   * How many failures of one key are allowed in any interval of {@link windowSeconds}. An integer
   * from 1 to 10,000. Default 10.
   */
  readonly maxAttempts?: number;
  /** For how long a failure counts. From 1 to 86,400 seconds (a day). Default 60. */
  readonly windowSeconds?: number;
  /**
   * How many keys are remembered. Over it, those that failed longest ago are forgotten, about a
   * hundredth at a time. An integer from 1 to 1,000,000. Default 100,000: with the other defaults
   * at most 32 MB.
   */
  readonly maxKeys?: number;
  /**
   * Clock, in milliseconds from any start. Should it go back, time stands still for a moment.
   * Default `performance.now`, which no change of the host's time moves.
   */
  readonly now?: () => number;
}

/**
 * Counts failures in the memory of this process, exactly: no interval of `windowSeconds`, wherever
 * it starts, has more than `maxAttempts` allowed failures of one key. A refused failure is not
 * recorded, so a client that comes back after `retryAfterSeconds` is always let in.
 *
 * It does not see what other instances count, it forgets everything at a restart, and whoever
 * fails from more than `maxKeys` addresses within a window is forgotten, too.
 *
 * @example
 * ```ts
 * const rateLimiter = createMemoryRateLimiter({ maxAttempts: 10, windowSeconds: 60 });
 * ```
 * @throws {ConfigError} `rateLimit.maxAttempts`, `rateLimit.windowSeconds` or `rateLimit.maxKeys`
 *   when it is out of its range.
 */
export function createMemoryRateLimiter(options: MemoryRateLimiterOptions = {}): RateLimiter {
  const { maxAttempts = 10, windowSeconds = 60, maxKeys = 100_000 } = options;
  const { now = () => performance.now() } = options;
  assertInteger('rateLimit.maxAttempts', maxAttempts, 10_000);
  assertRange('rateLimit.windowSeconds', windowSeconds, 86_400);
  assertInteger('rateLimit.maxKeys', maxKeys, 1_000_000);

  const windowMs = windowSeconds * 1_000;
  const limit = { maxAttempts, windowMs };
  const clock = createMonotonicClock(now);
  // In the order of their last failure, so that the oldest are the first.
  const logs = new Map<string, FailureLog>();
  let nextSweep = Number.NEGATIVE_INFINITY;

  function decide(log: FailureLog, time: number): RateLimitDecision {
    const wait = waitFor(log, time, limit);
    return { allowed: wait === 0, retryAfterSeconds: wait / 1_000 };
  }

  /**
   * Makes room for one more key. In batches, because a `Map` finds its first entry only by passing
   * all that were deleted before it: one at a time costs an attacked server 40 µs per failure.
   */
  function sweep(time: number): void {
    if (time < nextSweep && logs.size < maxKeys) return;
    nextSweep = time + windowMs / 10;
    let excess = logs.size < maxKeys ? 0 : Math.ceil(maxKeys / 100);
    for (const [digest, log] of logs) {
      const isLive = dropExpired(log, time, windowMs).length > 0;
      if (isLive && excess <= 0) return;
      logs.delete(digest);
      excess -= 1;
    }
  }

  return {
    async peek(key) {
      return decide(logs.get(digestOf(key)) ?? [], clock());
    },

    async countFailure(key) {
      const digest = digestOf(key);
      const time = clock();
      const log = dropExpired(logs.get(digest) ?? [], time, windowMs);
      const decision = decide(log, time);
      // A refused failure is not recorded, but who is refused is not to be forgotten first.
      logs.delete(digest);
      sweep(time);
      // `concat`, because arrays that grow by `push` reserve twice the room.
      logs.set(digest, decision.allowed ? log.concat(time) : log);
      return decision;
    },
  };
}

/** 32 characters whatever the key: a long one, or a slice of a long header, takes no more room. */
function digestOf(key: string): string {
  return hash('sha256', key, 'binary');
}

function assertRange(option: string, value: number, maximum: number): void {
  if (typeof value !== 'number' || !(value >= 1 && value <= maximum)) {
    throw new ConfigError(option, `must be a number from 1 to ${maximum}`);
  }
}

function assertInteger(option: string, value: number, maximum: number): void {
  if (!Number.isInteger(value) || !(value >= 1 && value <= maximum)) {
    throw new ConfigError(option, `must be an integer from 1 to ${maximum}`);
  }
}
