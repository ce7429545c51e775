/** The commands of fast-check. */
import type fc from 'fast-check';
import type { Facts } from './facts.ts';
import type { Run } from './run.ts';

export type Step = fc.AsyncCommand<Facts, Run>;

/** A step that is always possible, unless `isPossible` says otherwise. */
export function step(
  name: string,
  run: (facts: Facts, run: Run) => Promise<void> | void,
  isPossible: (facts: Readonly<Facts>) => boolean = () => true,
): Step {
  return {
    check: isPossible,
    run: async (facts, real) => run(facts, real),
    toString: () => name,
  };
}
