import {
  type AuthorizationRule,
  type CallCharge,
  type CallCharges,
  type CallQuota,
  type CallQuotaReadings,
  type Checks,
  check,
  checkOptions,
} from '@sallyport/core';
import { callKeyOf } from './limit-keys.ts';
import { assertRedisOptions, type SharedRedisOptions, sharedRedisChecks } from './redis-options.ts';
import { createSharedBreaker } from './shared-breaker.ts';
import { createSharedWindows, type SharedWindow } from './shared-windows.ts';

/** Options for {@link createRedisCallQuota}. */
export interface RedisCallQuotaOptions extends SharedRedisOptions {
  /**
   * The quota of this instance alone: `createMemoryCallQuota` of `@sallyport/rate-limit`. It has the limits. It is
   * told of every request that is allowed, decides while Redis is away, and is closed with this one.
   */
  readonly fallback: CallQuota;
  /**
   * How all names in Redis begin: up to 100 letters, digits and `: . _ -`. Servers with the same prefix share
   * their counts, so give each MCP server a prefix of its own. Default `sallyport:calls:`.
   */
  readonly prefix?: string;
}

/** A quota whose counts several instances share. */
export interface RedisCallQuota extends AuthorizationRule {
  /** What this instance remembers. */
  readings(): CallQuotaReadings;
}

const optionChecks: Checks<RedisCallQuotaOptions> = {
  ...sharedRedisChecks,
  fallback: check.shape('a quota', {
    chargesOf: 'function',
    peek: 'function',
    count: 'function',
    refuse: 'function',
    readings: 'function',
  }),
  prefix: check.optional(check.text),
};

/**
 * Counts calls in Redis or Valkey, so that any number of instances have one quota for each caller. While Redis is
 * slow or away, each instance applies the limits by itself, within 100 ms: a caller then gets at most the limit
 * from each instance.
 *
 * @throws {ConfigError} `quota.client`, `quota.fallback`, `quota.prefix` or `quota.timeoutSeconds` when it is
 *   missing or out of its range.
 */
export function createRedisCallQuota(given: RedisCallQuotaOptions): RedisCallQuota {
  const options = checkOptions('quota', given, optionChecks);
  const { client, fallback, prefix = 'sallyport:calls:', timeoutSeconds = 0.1 } = options;
  const { monotonicNow = () => performance.now(), onEvent } = options;
  assertRedisOptions('quota', prefix, timeoutSeconds);
  const shared = createSharedWindows(client);
  const breaker = createSharedBreaker({
    client,
    timeoutSeconds,
    monotonicNow,
    onEvent,
    limits: 'calls',
  });

  const windowsOf = ({ caller, charges }: CallCharges): readonly SharedWindow[] =>
    charges.map(({ tool, calls, maximum, windowSeconds }) => ({
      key: callKeyOf(caller, tool, prefix),
      maximum,
      windowSeconds,
      count: calls,
    }));

  /** The limit that needs the longest wait. `undefined` when the request is within all limits, or Redis is away. */
  async function countShared(charges: CallCharges) {
    const windows = windowsOf(charges);
    const standings = await breaker.run(
      () => shared.count(windows),
      async () => {
        for (const window of windows.slice(0, 1)) await shared.probe(window);
      },
    );
    const over = charges.charges.flatMap((charge: CallCharge, index) => {
      const waitSeconds = standings?.[index]?.waitSeconds ?? 0;
      return waitSeconds > 0 ? [{ charge, waitSeconds }] : [];
    });
    return over.sort((left, right) => right.waitSeconds - left.waitSeconds)[0];
  }

  return {
    name: fallback.name,

    async check(request) {
      const charges = fallback.chargesOf(request);
      if (charges === undefined) return undefined;
      // Redis is not asked about a caller whom this instance refuses anyway.
      const own = fallback.peek(charges);
      if (own !== undefined) return own;
      const over = await countShared(charges);
      if (over !== undefined) return fallback.refuse(over.charge, over.waitSeconds);
      // So that this instance knows its own share when Redis is lost, or has lost its memory.
      return fallback.count(charges);
    },

    readings: () => fallback.readings(),

    async close() {
      await fallback.close?.();
    },
  };
}
