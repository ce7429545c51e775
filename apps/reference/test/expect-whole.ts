import { expect } from 'vitest';
import { lostOf, type WholeLife } from './whole-life.ts';

/** Every request was answered, but those that found the port closed; and each 503 says when to come back. */
export function expectWhole(life: WholeLife): void {
  const statuses = life.outcomes.flatMap(({ result }) =>
    typeof result === 'number' ? [result] : [],
  );
  const unavailable = life.outcomes.filter(({ result }) => result === 503);

  expect(lostOf(life)).toEqual([]);
  expect(statuses.filter((status) => ![200, 401, 429, 503].includes(status))).toEqual([]);
  expect(statuses).toContain(200);
  expect(unavailable.filter(({ retryAfter }) => retryAfter === undefined)).toEqual([]);
  expect(life.exitCode).toBe(0);
}
