import type { Step } from '../diagnosis/step.ts';

/** Steps that belong together. */
export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}
