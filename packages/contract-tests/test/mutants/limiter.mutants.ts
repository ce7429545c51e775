import type { RateLimitDecision } from '@sallyport/core';
import { describe } from 'vitest';
import { describeRateLimiter, type RateLimit } from '../../src/index.ts';

interface Bug {
  readonly keyOf?: (key: string) => string;
  readonly forgetAt?: (failures: readonly number[], now: number, windowSeconds: number) => number[];
  readonly retryAfter?: (seconds: number, now: number) => number;
  readonly peekCounts?: boolean;
  readonly recordsRefused?: boolean;
  readonly racy?: boolean;
}

const slide = (failures: readonly number[], now: number, windowSeconds: number): number[] =>
  failures.filter((time) => now - time < windowSeconds);

function create({ maxAttempts, windowSeconds }: RateLimit, bug: Bug) {
  const { keyOf = (key) => key, forgetAt = slide, retryAfter = (seconds) => seconds } = bug;
  const logs = new Map<string, number[]>();
  let now = 1_000;

  function decide(failures: readonly number[]): RateLimitDecision {
    const oldest = failures.at(-maxAttempts);
    if (oldest === undefined) return { allowed: true, retryAfterSeconds: 0 };
    return { allowed: false, retryAfterSeconds: retryAfter(windowSeconds - (now - oldest), now) };
  }
  const recall = (key: string) => forgetAt(logs.get(keyOf(key)) ?? [], now, windowSeconds);
  const countFailure = async (key: string): Promise<RateLimitDecision> => {
    const failures = recall(key);
    if (bug.racy) await Promise.resolve();
    const decision = decide(failures);
    if (decision.allowed || bug.recordsRefused) logs.set(keyOf(key), [...failures, now]);
    return decision;
  };
  const peek = async (key: string) => (bug.peekCounts ? countFailure(key) : decide(recall(key)));
  const advance = (seconds: number): void => {
    now += seconds;
  };
  return { limiter: { peek, countFailure }, advance };
}

const bugs: Readonly<Record<string, Bug>> = {
  none: {},
  'counts when asked': { peekCounts: true },
  'is not atomic': { racy: true },
  'takes keys for names': { keyOf: (key) => key.normalize('NFC').slice(0, 100) },
  'has fixed windows': {
    forgetAt: (failures, now, windowSeconds) =>
      failures.filter((t) => Math.floor(t / windowSeconds) === Math.floor(now / windowSeconds)),
    retryAfter: (_seconds, now) => 60 - (now % 60),
  },
  'never forgets': { forgetAt: (failures) => [...failures] },
  'says a window for every wait': { retryAfter: () => 60 },
  'says too short a wait': { retryAfter: (seconds) => seconds / 2 },
  'puts it off with every refused failure': { recordsRefused: true },
};

for (const [name, bug] of Object.entries(bugs)) {
  describe(name, () => describeRateLimiter({ create: (limit) => create(limit, bug) }));
}
