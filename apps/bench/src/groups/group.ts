import type { Effort } from '../rounds/rounds.ts';
import type { Target } from './target.ts';

/** Measurements that belong together: one file in `groups`, one section of the results. */
export interface Group {
  /** For `--only`, and for the line of progress. */
  readonly name: string;
  run(effort: Effort, onProgress: (what: string) => void): Promise<Section>;
}

export interface Section {
  readonly title: string;
  /** Paragraphs and tables, in Markdown. */
  readonly blocks: readonly string[];
  readonly targets: readonly Target[];
  /** Drawings by the names of their files, to be shown above the tables. */
  readonly charts?: Readonly<Record<string, string>>;
}
