import { expect, it } from 'vitest';
import { createTimestamps } from '../src/lines/timestamps.ts';

it('writes every time as a date of its own would be, whatever came before', () => {
  const timeOf = createTimestamps();
  const start = Date.UTC(2031, 1, 3, 23, 59, 58, 997);
  const times = [0, 1, 2, 3, 4, 1_003, 2_000, 0.9, -1, -5_000, 86_400_000, 0].map(
    (step) => start + step,
  );

  for (const time of [...times, 0, 999, 1_000, -1, -1_000]) {
    expect(timeOf(time)).toBe(new Date(time).toISOString());
  }
});

it('refuses what is no time, also in the middle of a second', () => {
  const timeOf = createTimestamps();
  timeOf(5);

  expect(() => timeOf(Number.NaN)).toThrow(RangeError);
  expect(timeOf(6)).toBe('1970-01-01T00:00:00.006Z');
});
