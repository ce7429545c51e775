import { createMemoryRateLimiter, type MemoryRateLimiterOptions } from '../src/index.ts';

/** A limiter on a clock that the test moves. */
export function setUp(options: Omit<MemoryRateLimiterOptions, 'now'> = {}) {
  const clock = { milliseconds: 86_400_000 };
  const limiter = createMemoryRateLimiter({ ...options, monotonicNow: () => clock.milliseconds });
  const advance = (seconds: number): void => {
    clock.milliseconds += seconds * 1_000;
  };
  return { limiter, advance };
}
