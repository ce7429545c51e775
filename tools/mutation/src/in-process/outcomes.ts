/** What the pass in one process learned of the mutants. */

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
