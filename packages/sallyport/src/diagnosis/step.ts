/** What `explain` and `doctor` find out: a row of steps, of which the first broken one counts. */

/** The party that can repair a failed step. */
export type Owner = 'this server' | 'the identity provider' | 'the client' | 'the network';

/** What became of a step. */
export type StepState =
  | 'passed'
  | 'failed'
  /** It works, and should be looked at. */
  | 'warning'
  /** It was not reached, because an earlier step failed. Its `summary` says what it would have been. */
  | 'not reached'
  /** It has no meaning here. */
  | 'left out';

/** One step. */
export interface Step {
  readonly name: string;
  readonly state: StepState;
  /** One line: what was found out. */
  readonly summary: string;
  /** What this server wants. */
  readonly expected?: string;
  /** What was there in its place. */
  readonly found?: string;
  /** The party that can repair it. Every failed step has one. */
  readonly owner?: Owner;
  /** What to do. Every step that failed has one. */
  readonly cure?: string;
}

/** A step that failed, with its owner and the cure. */
export interface BrokenStep extends Step {
  readonly state: 'failed';
  readonly owner: Owner;
  readonly cure: string;
}

/** The first step that failed; `undefined` where none did. */
export function firstBroken(steps: readonly Step[]): BrokenStep | undefined {
  return steps.find((step): step is BrokenStep => step.state === 'failed');
}

export const passed = (name: string, summary: string): Step => ({ name, state: 'passed', summary });

export const leftOut = (name: string, summary: string): Step => ({
  name,
  state: 'left out',
  summary,
});

export const notReached = (name: string, summary: string): Step => ({
  name,
  state: 'not reached',
  summary,
});

export const failed = (name: string, rest: Omit<BrokenStep, 'name' | 'state'>): BrokenStep => ({
  name,
  state: 'failed',
  ...rest,
});

export const warning = (name: string, rest: Omit<Step, 'name' | 'state'>): Step => ({
  name,
  state: 'warning',
  ...rest,
});
