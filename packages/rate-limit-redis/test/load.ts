import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimiter } from '@sallyport/core';

/** What became of many requests. */
export interface LoadReport {
  readonly operations: number;
  /** Those that took longer than `lateMs`. */
  readonly late: number;
  readonly errors: readonly unknown[];
}

/**
 * Many requests per second of clients that fail, until it is stopped. "Late" is told by a
 * timer that starts with the request, and not by a clock: a machine that is busy delays both.
 */
export function startLoad(
  limiter: RateLimiter,
  operationsPerSecond = 600,
  lateMs = 110,
): { stop(): Promise<LoadReport> } {
  const errors: unknown[] = [];
  const underWay = new Set<Promise<void>>();
  let operations = 0;
  let late = 0;
  let isRunning = true;

  function ask(operation: () => Promise<unknown>): void {
    operations += 1;
    let isLate = false;
    const answered = operation().then(
      () => {},
      (error: unknown) => {
        errors.push(error);
      },
    );
    const timer = setTimeout(() => {
      isLate = true;
    }, lateMs);
    const done = answered.then(() => {
      clearTimeout(timer);
      if (isLate) late += 1;
      underWay.delete(done);
    });
    underWay.add(done);
  }

  async function run(): Promise<void> {
    const startedAt = performance.now();
    for (let pair = 0; isRunning; ) {
      const due = ((performance.now() - startedAt) * operationsPerSecond) / 2_000;
      for (; pair < due; pair += 1) {
        const client = pair % 3;
        ask(() => limiter.peek(`192.0.2.${pair % 256}`));
        ask(() =>
          limiter.countFailure(`2001:db8:${client}:${(Math.floor(pair / 3) % 999) + 1}::/64`),
        );
      }
      await sleep(10);
    }
    await Promise.all(underWay);
  }

  const running = run();
  return {
    async stop() {
      isRunning = false;
      await running;
      return { operations, late, errors };
    },
  };
}
