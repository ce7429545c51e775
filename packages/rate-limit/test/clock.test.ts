import { expect, it } from 'vitest';
import { createMonotonicClock } from '../src/clock.ts';

it('stands still where its source goes back, and then goes on (RL-13)', () => {
  const readings = [1_000, 1_500, 500, 700, 9_000, 0, 10];
  const clock = createMonotonicClock(() => readings.shift() ?? 0);

  expect([clock(), clock(), clock(), clock(), clock(), clock()]).toEqual([
    1_500, 1_500, 1_700, 10_000, 10_000, 10_010,
  ]);
});
