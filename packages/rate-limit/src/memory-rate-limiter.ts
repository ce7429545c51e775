import { hash } from 'node:crypto';
import {
  type Checks,
  check,
  checkOptions,
  type RateLimitDecision,
  type RateLimiter,
  widerNetworkOf,
} from '@sallyport/core';
import { assertInteger, assertRange } from './bounds.ts';
import { createMonotonicClock } from './clock.ts';
import { createFailureBudget } from './failure-budget.ts';
import { createWindowCounter, type Standing, type WindowCounter } from './window-counter.ts';

/** Options for {@link createMemoryRateLimiter}. */
export interface MemoryRateLimiterOptions {
  /**
   * How many failures of one key are allowed in any interval of {@link windowSeconds}; of an IPv6
   * /48 as a whole, 16 times as many. An integer from 1 to 10,000. Default 10.
   */
  readonly maximumAttempts?: number;
  /** For how long a failure counts. From 1 to 86,400 seconds (a day). Default 60. */
  readonly windowSeconds?: number;
  /**
   * How many failures of all clients together may come in a second. While there are more, `peek`
   * allows nobody: the network is asked about no unknown token. Failures that were over their own
   * limit anyway do not count. An integer from 1 to 1,000,000. Default 1,000.
   */
  readonly maximumFailuresPerSecond?: number;
  /**
   * How many keys are remembered. Over it, those that failed longest ago are forgotten, about a
   * hundredth at a time. An integer from 1 to 1,000,000. Default 100,000: at most 32 MB.
   */
  readonly maximumKeys?: number;
  /**
   * Clock, in milliseconds from any start. Should it go back, time stands still for a moment.
   * Default `performance.now`, which no change of the host's time moves.
   */
  readonly monotonicNow?: () => number;
}

/** How many times the limit of a client its /48 has, and how many clients for each /48 there are. */
const networkFactor = 16;

const optionChecks: Checks<MemoryRateLimiterOptions> = {
  maximumAttempts: check.optional(check.number),
  windowSeconds: check.optional(check.number),
  maximumFailuresPerSecond: check.optional(check.number),
  maximumKeys: check.optional(check.number),
  monotonicNow: check.optional(check.callback),
};

/**
 * Counts failures in the memory of this process: no interval of `windowSeconds`, wherever it starts,
 * has more than `maximumAttempts` allowed failures of one key. A refused failure is not recorded, so a
 * client that comes back after `retryAfterSeconds` is always let in.
 *
 * It does not see what other instances count, it forgets everything at a restart, and whoever
 * fails from more than `maximumKeys` addresses within a window is forgotten, too.
 *
 * @example
 * ```ts
 * const rateLimiter = createMemoryRateLimiter({ maximumAttempts: 10, windowSeconds: 60 });
 * ```
 * @throws {ConfigError} `rateLimit.maximumAttempts`, `rateLimit.windowSeconds`,
 *   `rateLimit.maximumFailuresPerSecond` or `rateLimit.maximumKeys` when it is out of its range.
 */
export function createMemoryRateLimiter(given: MemoryRateLimiterOptions = {}): RateLimiter {
  const options = checkOptions('rateLimit', given, optionChecks);
  const { maximumAttempts = 10, windowSeconds = 60, maximumKeys = 100_000 } = options;
  const { maximumFailuresPerSecond = 1_000, monotonicNow = () => performance.now() } = options;
  assertInteger('rateLimit.maximumAttempts', maximumAttempts, 10_000);
  assertRange('rateLimit.windowSeconds', windowSeconds, 86_400);
  assertInteger('rateLimit.maximumFailuresPerSecond', maximumFailuresPerSecond, 1_000_000);
  assertInteger('rateLimit.maximumKeys', maximumKeys, 1_000_000);

  const windowMs = windowSeconds * 1_000;
  const clock = createMonotonicClock(monotonicNow);
  const budget = createFailureBudget(maximumFailuresPerSecond);
  const clients = createWindowCounter({ maximum: maximumAttempts, windowMs, maximumKeys });
  const networks = createWindowCounter({
    maximum: networkFactor * maximumAttempts,
    windowMs,
    maximumKeys: Math.ceil(maximumKeys / networkFactor),
  });

  function readAll(key: string, time: number): readonly Count[] {
    const network = widerNetworkOf(key);
    const own = readOne(clients, key, time);
    return network === undefined ? [own] : [own, readOne(networks, network, time)];
  }

  return {
    async peek(key) {
      const time = clock();
      const budgetMs = budget.waitMs(time);
      const decision = decide(readAll(key, time), 0);
      // Whose fault it is not, is not told of a limit of its own.
      if (budgetMs === 0 || !decision.allowed) return decision;
      return { allowed: false, retryAfterSeconds: budgetMs / 1_000 };
    },

    async countFailure(key) {
      const time = clock();
      const counts = readAll(key, time);
      const decision = decide(counts, 1);
      for (const { counter, name } of counts) counter.record(name, time, decision.allowed ? 1 : 0);
      if (decision.allowed) budget.count(time);
      return decision;
    },

    readings: () => ({ keys: clients.size() }),
  };
}

interface Count extends Standing {
  readonly counter: WindowCounter;
  readonly name: string;
}

function readOne(counter: WindowCounter, key: string, time: number): Count {
  const name = nameOf(key);
  const { remaining, waitMs } = counter.read(name, time);
  return { counter, name, remaining, waitMs };
}

/** @param costs How many failures the decision is about: those are no longer left. */
function decide(counts: readonly Count[], costs: number): RateLimitDecision {
  const { counter, waitMs, remaining } = counts.reduce((tightest, count) =>
    count.waitMs > tightest.waitMs || count.remaining < tightest.remaining ? count : tightest,
  );
  const { maximum, windowMs } = counter.limit;
  return {
    allowed: waitMs === 0,
    retryAfterSeconds: waitMs / 1_000,
    quota: {
      limit: maximum,
      remaining: Math.max(0, remaining - costs),
      windowSeconds: windowMs / 1_000,
    },
  };
}

const digestLength = 32;

/** Of at most 32 characters, whatever the key. Every address is shorter, and needs no digest. */
function nameOf(key: string): string {
  return key.length < digestLength ? key : hash('sha256', key, 'binary');
}
