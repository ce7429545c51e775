/** A limiter that passes its suite, unless it has a bug. */
import { type RateLimitDecision, widerNetworkOf } from '@sallyport/core';
import type { RateLimit } from '../src/index.ts';

/** What it does in another way. */
export interface Bug {
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

/** Creates a limiter, and what moves its clock. */
export function createLimiter({ maximumAttempts, windowSeconds }: RateLimit, bug: Bug = {}) {
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
