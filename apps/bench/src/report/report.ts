import type { Section } from '../groups/group.ts';
import { formatBound, isMet, type Target } from '../groups/target.ts';
import type { Effort } from '../rounds/rounds.ts';
import { renderTable } from './markdown.ts';

/** The machine and the settings of the measurement. */
export interface Circumstances {
  readonly date: string;
  readonly node: string;
  readonly processor: string;
  /** The CPU core of the whole run, if it was pinned to one. */
  readonly core: number | undefined;
  readonly effort: Effort;
  readonly versions: readonly string[];
}

/** The whole document. */
export function renderReport(sections: readonly Section[], circumstances: Circumstances): string {
  const { date, node, processor, core, effort, versions } = circumstances;
  const { rounds, sliceMs, ringSize } = effort;
  const place = core === undefined ? 'not pinned to a core' : 'pinned to one core';
  const blocks = [
    '# Results',
    `${date}, Node.js ${node.replace(/^v/, '')}, ${processor}, ${place}. ${rounds} rounds of ` +
      `${sliceMs} ms for each contestant, ${ringSize.toLocaleString('en-US')} different tokens.`,
    `${versions.join(', ')}.`,
    'Ratios hold on other machines about as well as here; microseconds do not. How it is measured ' +
      'is in the [README](../README.md); `pnpm bench` measures anew.',
    ...renderTargets(sections.flatMap(({ targets }) => targets)),
    ...sections.flatMap(renderSection),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function renderTargets(targets: readonly Target[]): readonly string[] {
  if (targets.length === 0) return [];
  const rows = targets.map((target) => [
    target.what,
    formatBound(target),
    target.format(target.measured),
    isMet(target) ? 'yes' : 'no',
  ]);
  return ['## Targets', renderTable(['', 'target', 'measured', 'met'], rows)];
}

function renderSection({ title, blocks, charts = {} }: Section): readonly string[] {
  const drawings = Object.keys(charts).map((file) => `![${title}](${file})`);
  return [`## ${title}`, ...drawings, ...blocks];
}
