/** What the limiter takes of the heap. It depends on the machine, so it runs nightly. */
import { expect, it } from 'vitest';
import { createMemoryCallQuota } from '../src/index.ts';
import { callOf, requestOf } from '../test/callers.ts';
import { heapMegabytes } from '../test/heap.ts';
import { rotate } from '../test/rotating.ts';
import { setUp } from '../test/set-up.ts';

it.each([10, 10_000])(
  'holds 100,000 keys of %i failures in 32 MB however long they are, and lets go of them (RL-04)',
  async (maximumAttempts) => {
    const { limiter, advance } = setUp({ maximumAttempts });
    const before = heapMegabytes();
    // Slices of a long header would keep the whole of it. Each of them is in a /48 of its own.
    const keyOf = (index: number) => {
      const network = `2${(index >> 8).toString(16).padStart(3, '0')}:${(index & 255) + 1}:1`;
      return `${'x'.repeat(2_000)}, ${network}:1::/64`.slice(2_002);
    };
    for (let failure = 1; failure <= 10; failure += 1) {
      for (let index = 0; index < 99_999; index += 1) {
        advance(0.000059);
        await limiter.countFailure(keyOf(index));
      }
    }
    expect(heapMegabytes() - before).toBeLessThan(32);

    advance(120);
    await limiter.countFailure('a');
    await limiter.countFailure('2001:db8:1:2::/64');
    expect(heapMegabytes() - before).toBeLessThan(2);
  },
  60_000,
);

it('remembers no more than 100,000 of 300,000 addresses that never come back (RL-04)', async () => {
  await rotate(300_000);
});

it('keeps no more of a key than its window, however long it goes on (RL-04)', async () => {
  const { limiter, advance } = setUp({ maximumAttempts: 1, windowSeconds: 1 });
  const before = heapMegabytes();
  for (let failure = 1; failure <= 100_000; failure += 1) {
    await limiter.countFailure('a');
    advance(1);
  }

  expect(heapMegabytes() - before).toBeLessThan(0.5);
});

it.each([10, 10_000])(
  'RL-04: holds 100,000 callers of %i calls in 32 MB',
  (calls) => {
    const clock = { milliseconds: 0 };
    const quota = createMemoryCallQuota({ calls, monotonicNow: () => clock.milliseconds });
    const before = heapMegabytes();
    for (let round = 1; round <= 10; round += 1) {
      for (let caller = 0; caller < 99_999; caller += 1) {
        clock.milliseconds += 0.059;
        quota.check(requestOf(callOf('read'), { subject: `user-${caller}` }));
      }
    }
    expect(quota.readings().callers).toBe(99_999);
    expect(heapMegabytes() - before).toBeLessThan(32);
  },
  60_000,
);
