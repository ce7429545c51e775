import { expect } from 'vitest';
import { createMemoryRateLimiter } from '../src/index.ts';
import { heapMegabytes } from './heap.ts';

/**
 * Failures from so many addresses in a minute, of which none comes twice: one half IPv4, the other each
 * in an IPv6 /48 of its own. Holds the bounds all the way through.
 */
export async function rotate(addresses: number): Promise<void> {
  const clock = { milliseconds: 0 };
  const limiter = createMemoryRateLimiter({
    maximumAttempts: 1,
    monotonicNow: () => clock.milliseconds,
  });
  const before = heapMegabytes();
  for (let index = 0; index < addresses; index += 1) {
    clock.milliseconds += 60_000 / addresses;
    const { allowed } = await limiter.countFailure(addressOf(index));
    if (!allowed) throw new Error(`${addressOf(index)} has come before`);
    if (index % 100_000 === 99_999) expect(heapMegabytes() - before).toBeLessThan(32);
  }
  let known = 0;
  for (let index = 0; index < addresses; index += 1) {
    if ((await limiter.peek(addressOf(index))).quota?.remaining === 0) known += 1;
  }
  expect(known).toBeLessThanOrEqual(100_000);
  expect(known).toBeGreaterThan(98_000);
}

function addressOf(index: number): string {
  const [high, middle, low] = [index >>> 16, (index >>> 8) & 255, index & 255];
  return index % 2 === 0
    ? `${10 + high}.${middle}.${low}.1`
    : `2001:${high.toString(16)}:${(middle * 256 + low).toString(16)}:1::/64`;
}
