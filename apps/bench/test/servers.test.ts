import { expect, it } from 'vitest';
import { requestLanes } from '../src/requests/request-lanes.ts';
import { contestants, describeContestants, own } from './describe-contestants.ts';

// Each is a process. The nightly tests start the others.
describeContestants(
  contestants.filter((contestant) => contestant === own || contestant === contestants[0]),
);

it('has every lane that is compared with another one', () => {
  const names = requestLanes.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  for (const { without } of requestLanes)
    if (without !== undefined) expect(names).toContain(without);
});
