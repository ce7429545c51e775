import type { RateLimitDecision } from '@sallyport/core';
import { limitKeysOf } from './limit-keys.ts';
import type { RedisClient } from './redis-client.ts';
import { createSharedWindows, type SharedStanding, type SharedWindow } from './shared-windows.ts';

/** The limit, as all instances must be told it. */
export interface SharedLimitOptions {
  readonly client: RedisClient;
  readonly maximumAttempts: number;
  readonly windowSeconds: number;
  readonly prefix: string;
}

/** The limit of failures in Redis. Everything that goes wrong rejects. */
export interface SharedLimit {
  peek(clientKey: string): Promise<RateLimitDecision>;
  countFailure(clientKey: string): Promise<RateLimitDecision>;
  /** Writes where a failure of this client would be written. */
  probe(clientKey: string): Promise<void>;
}

/** How many times the limit of a client its /48 has. */
const networkFactor = 16;

export function createSharedLimit(options: SharedLimitOptions): SharedLimit {
  const { client, maximumAttempts, windowSeconds, prefix } = options;
  const shared = createSharedWindows(client);
  const maxima = [maximumAttempts, networkFactor * maximumAttempts];

  function windowsOf(clientKey: string): readonly SharedWindow[] {
    return limitKeysOf(clientKey, prefix).map((key, index) => ({
      key,
      maximum: maxima[index] ?? 0,
      windowSeconds,
      count: 1,
    }));
  }

  /** @param costs How many failures the decision is about: those are no longer left. */
  function decide(
    windows: readonly SharedWindow[],
    standings: readonly SharedStanding[],
    costs: number,
  ): RateLimitDecision {
    const all = standings.map((each, index) => ({ ...each, limit: windows[index]?.maximum ?? 0 }));
    const { limit, remaining, waitSeconds } = all.reduce((tightest, each) =>
      each.waitSeconds > tightest.waitSeconds || each.remaining < tightest.remaining
        ? each
        : tightest,
    );
    return {
      allowed: waitSeconds === 0,
      retryAfterSeconds: waitSeconds,
      quota: { limit, remaining: Math.max(0, remaining - costs), windowSeconds },
    };
  }

  return {
    async peek(clientKey) {
      const windows = windowsOf(clientKey);
      return decide(windows, await shared.peek(windows), 0);
    },

    async countFailure(clientKey) {
      const windows = windowsOf(clientKey);
      return decide(windows, await shared.count(windows), 1);
    },

    async probe(clientKey) {
      for (const window of windowsOf(clientKey).slice(0, 1)) await shared.probe(window);
    },
  };
}
