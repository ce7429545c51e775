/** An upstream that is killed under load (MCP-20). */
import { expect, it } from 'vitest';
import { killUnderLoad, rightOutcomes } from './kill-under-load.ts';

it('MCP-20: answers every request of a killed upstream, and goes on when it is back', async () => {
  const outcomes = await killUnderLoad(2);

  expect([...outcomes.keys()].filter((outcome) => !rightOutcomes.includes(outcome))).toEqual([]);
});
