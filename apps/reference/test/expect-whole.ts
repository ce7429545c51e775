import { expect } from 'vitest';
import { describeLost } from './fates.ts';
import type { WholeLife } from './whole-life.ts';

/** No request is lost, each 503 says when to come back, and the program ends with 0. */
export function expectWhole(life: WholeLife): void {
  const statuses = life.outcomes.flatMap(({ result }) =>
    typeof result === 'number' ? [result] : [],
  );
  const unavailable = life.outcomes.filter(({ result }) => result === 503);

  expect(describeLost(life)).toEqual([]);
  expect(statuses.filter((status) => ![200, 401, 429, 503].includes(status))).toEqual([]);
  expect(statuses).toContain(200);
  expect(unavailable.filter(({ retryAfter }) => retryAfter === undefined)).toEqual([]);
  expect(life.exitCode).toBe(0);
}
