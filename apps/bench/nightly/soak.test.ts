import { expect, it } from 'vitest';
import { runSoak } from '../src/soak/run-soak.ts';

it('OPS-15: answers valid callers as usual, and keeps its memory, under floods of each kind for five minutes', async () => {
  const { checks } = await runSoak({ seconds: 300, rate: 100, json: true }, () => {});

  expect(checks.filter(({ isRight }) => !isRight)).toEqual([]);
});
