/** What the pass in one process learned of the mutants. */

import type { MutantActivation, MutantRunOptions } from '@stryker-mutator/api/test-runner';

/** Mutants by their id in Stryker. Serialised between the processes. */
export interface Outcomes {
  /** The test that failed with the mutant. */
  readonly killed: Record<string, string>;
  /** The test that did not end with the mutant. */
  readonly endless: Record<string, string>;
  /** How many tests passed with the mutant. */
  readonly passed: Record<string, number>;
}

export const noOutcomes = (): Outcomes => ({ killed: {}, endless: {}, passed: {} });

/** @returns Whether every test that reaches the mutant passed with it. */
export function survived(
  { passed }: Outcomes,
  mutant: string,
  tests: readonly string[] | undefined,
): boolean {
  return tests !== undefined && tests.length > 0 && passed[mutant] === tests.length;
}

/**
 * Decides when a mutant becomes active. With its option `testFiles`, Stryker activates every mutant after the modules
 * are loaded. A mutant of code that runs while a module loads would then have no effect, and survive.
 */
export function activationOf({
  reloadEnvironment,
  mutantActivation,
}: Pick<MutantRunOptions, 'reloadEnvironment' | 'mutantActivation'>): MutantActivation {
  return reloadEnvironment ? 'static' : mutantActivation;
}
