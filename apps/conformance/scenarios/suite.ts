/**
 * What the official suite has in `src/types.ts` and `src/connection`, as far as the scenarios need it. The package on
 * npm is one bundled program, so it cannot be imported. In a pull request, imports of those two files replace this one.
 */

export type CheckStatus = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';

export interface SpecReference {
  id: string;
  url?: string;
}

export interface ConformanceCheck {
  id: string;
  name: string;
  description: string;
  status: CheckStatus;
  timestamp: string;
  specReferences?: SpecReference[];
  details?: Record<string, unknown>;
  errorMessage?: string;
}

export const statefulVersions = ['2025-03-26', '2025-06-18', '2025-11-25'] as const;
export const statelessVersion = '2026-07-28';
export type SpecVersion = (typeof statefulVersions)[number] | typeof statelessVersion;

export interface RunContext {
  serverUrl: string;
  specVersion: SpecVersion;
}

export interface ClientScenario {
  name: string;
  description: string;
  source: { introducedIn: SpecVersion };
  run(context: RunContext): Promise<ConformanceCheck[]>;
}

/** What every check has before it is tried. `severity` follows the keyword of the specification. */
export interface CheckDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly severity: 'FAILURE' | 'WARNING';
  readonly specReferences: SpecReference[];
}

/** A check that has been tried. Without `errorMessage` it passed. */
export function conclude(
  { severity, ...definition }: CheckDefinition,
  errorMessage: string | undefined,
  details: Record<string, unknown>,
): ConformanceCheck {
  const outcome =
    errorMessage === undefined
      ? { status: 'SUCCESS' as const }
      : { status: severity, errorMessage };
  return { ...definition, ...outcome, timestamp: new Date().toISOString(), details };
}

/** A check whose prerequisite is missing fails, so that the gap is seen. */
export function untestable(definition: CheckDefinition, reason: string): ConformanceCheck {
  return conclude(definition, `Not testable: ${reason}`, { untestable: true, reason });
}
