import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { MemoryStore } from 'express-rate-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** A limiter in memory, under a limit of 10 in a minute. */
export interface LimiterContestant {
  readonly name: string;
  open(): OpenLimiter;
}

export interface OpenLimiter {
  /** Reads the state of a key, without counting. */
  peek(key: string): unknown;
  /** Counts one failure. It never rejects, also over the limit. */
  countFailure(key: string): unknown;
  close(): unknown;
}

const limit = { maximumAttempts: 10, windowSeconds: 60 };

export const ours: LimiterContestant = {
  name: '@sallyport/rate-limit',
  open() {
    const limiter = createMemoryRateLimiter(limit);
    return {
      peek: (key) => limiter.peek(key),
      countFailure: (key) => limiter.countFailure(key),
      close: () => limiter.close?.(),
    };
  },
};

const rateLimiterFlexible: LimiterContestant = {
  name: 'rate-limiter-flexible',
  open() {
    const { maximumAttempts, windowSeconds } = limit;
    const limiter = new RateLimiterMemory({ points: maximumAttempts, duration: windowSeconds });
    return {
      peek: (key) => limiter.get(key),
      // Over the limit, `consume` rejects with an object that it has anyway.
      countFailure: (key) => limiter.penalty(key, 1),
      close: () => {},
    };
  },
};

const expressRateLimit: LimiterContestant = {
  name: 'express-rate-limit',
  open() {
    const store = new MemoryStore();
    store.init({ windowMs: limit.windowSeconds * 1_000 } as Parameters<typeof store.init>[0]);
    return {
      peek: (key) => store.get(key),
      countFailure: (key) => store.increment(key),
      close: () => store.shutdown(),
    };
  },
};

export const limiters: readonly LimiterContestant[] = [ours, rateLimiterFlexible, expressRateLimit];

/** Gives every number a different address: half IPv4, half IPv6, each of these in a different /48. */
export function addressOf(index: number): string {
  const half = index >>> 1;
  const [high, low] = [half >>> 16, half & 0xffff];
  return index % 2 === 0
    ? `${10 + high}.${(half >>> 8) & 255}.${half & 255}.1`
    : `2001:${high.toString(16)}:${low.toString(16)}:1::/64`;
}
