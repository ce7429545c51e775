import { type RateLimitDecision, widerNetworkOf } from '@sallyport/core';
import { describe } from 'vitest';
import { describeRateLimiter, type RateLimit } from '../../src/index.ts';

interface Bug {
  readonly keyOf?: (key: string) => string;
  readonly forgetAt?: (failures: readonly number[], now: number, windowSeconds: number) => number[];
  readonly retryAfter?: (seconds: number, now: number) => number;
  readonly peekCounts?: boolean;
  readonly recordsRefused?: boolean;
  readonly racy?: boolean;
  readonly ignoresNetworks?: boolean;
  /** Where each counter records what it would have allowed by itself. */
  readonly recordsEach?: boolean;
  readonly remaining?: (failures: number) => number;
  readonly keys?: (logs: ReadonlyMap<string, readonly number[]>) => number;
}

interface Counter {
  readonly name: string;
  readonly limit: number;
}

const slide = (failures: readonly number[], now: number, windowSeconds: number): number[] =>
  failures.filter((time) => now - time < windowSeconds);

function create({ maximumAttempts, windowSeconds }: RateLimit, bug: Bug) {
  const { keyOf = (key) => key, forgetAt = slide, retryAfter = (seconds) => seconds } = bug;
  const { remaining = (failures) => Math.max(0, maximumAttempts - failures) } = bug;
  const logs = new Map<string, readonly number[]>();
  let now = 1_000;

  function countersOf(key: string): readonly Counter[] {
    const network = bug.ignoresNetworks ? undefined : widerNetworkOf(key);
    return [
      { name: keyOf(key), limit: maximumAttempts },
      ...(network === undefined ? [] : [{ name: network, limit: 16 * maximumAttempts }]),
    ];
  }
  const recall = ({ name }: Counter) => forgetAt(logs.get(name) ?? [], now, windowSeconds);
  function decide(counters: readonly Counter[], counted = 0): RateLimitDecision {
    const oldest = counters.map((counter) => recall(counter).at(-counter.limit) ?? -Infinity);
    const wait = windowSeconds - (now - Math.max(...oldest));
    const failures = recall(counters[0] as Counter).length + counted;
    const quota = { limit: maximumAttempts, remaining: remaining(failures), windowSeconds };
    if (oldest.every((time) => time === -Infinity)) {
      return { allowed: true, retryAfterSeconds: 0, quota };
    }
    return { allowed: false, retryAfterSeconds: retryAfter(wait, now), quota };
  }
  const countFailure = async (key: string): Promise<RateLimitDecision> => {
    const counters = countersOf(key);
    const logsBefore = counters.map(recall);
    if (bug.racy) await Promise.resolve();
    const { allowed } = decide(counters);
    const decision = decide(counters, allowed ? 1 : 0);
    counters.forEach(({ name, limit }, index) => {
      const log = logsBefore[index] ?? [];
      const records = bug.recordsEach ? log.length < limit : allowed || bug.recordsRefused;
      if (records) logs.set(name, [...log, now]);
    });
    return decision;
  };
  const peek = async (key: string) =>
    bug.peekCounts ? countFailure(key) : decide(countersOf(key));
  const advance = (seconds: number): void => {
    now += seconds;
  };
  const { keys = (known: typeof logs) => known.size } = bug;
  return { limiter: { peek, countFailure, readings: () => ({ keys: keys(logs) }) }, advance };
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
  'knows no networks': { ignoresNetworks: true },
  'counts a refused failure in one place': { recordsEach: true },
  'counts failures for keys': { keys: (logs) => [...logs.values()].flat().length },
  'says wrongly what is left': { remaining: (failures) => 4 - failures },
};

for (const [name, bug] of Object.entries(bugs)) {
  describe(name, () => describeRateLimiter({ create: (limit) => create(limit, bug) }));
}
