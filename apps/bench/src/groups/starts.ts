import { formatFigure, formatMegabytes, formatSpread, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Rounds, ratios, spreadOf } from '../rounds/statistics.ts';
import {
  measureStarts,
  requestsSent,
  type StartFigures,
  timesEachBody,
} from '../starts/measure-starts.ts';
import { bundled, image, startContestants } from '../starts/start-contestants.ts';
import type { Group } from './group.ts';
import type { Target } from './target.ts';

// A start takes as long as eight slices.
const shareOfRounds = 0.5;
const shareOfLoads = 0.1;

/** What the reference server takes to start, and the memory of its container. */
export const starts: Group = {
  name: 'starts',

  async run(effort, onProgress) {
    const rounds = Math.ceil(effort.rounds * shareOfRounds);
    const loads = Math.ceil(effort.rounds * shareOfLoads);
    const measured = await measureStarts(startContestants, { rounds, loads }, (round) =>
      onProgress(`starts, round ${round} of ${rounds}`),
    );
    const all = (of: typeof image, name: keyof StartFigures): Rounds =>
      measured.get(of)?.[name] ?? [];
    const median = (of: typeof image, name: keyof StartFigures) => spreadOf(all(of, name)).median;
    const most = (of: typeof image, name: keyof StartFigures) => spreadOf(all(of, name)).maximum;
    const milliseconds = (value: number) => `${formatFigure(value)} ms`;
    const targets: readonly Target[] = [
      {
        what: 'The reference server: from its start to the first 200 of /health',
        ...{ sense: 'at most', bound: 170, measured: median(image, 'start') },
        format: milliseconds,
      },
      {
        what: 'The reference server: the memory of its container after the worst bodies',
        ...{ sense: 'at most', bound: 250e6, measured: most(image, 'memoryAfterBodies') },
        format: formatMegabytes,
      },
      {
        what: 'The reference server: CPU with the options of the image, over those of Node.js',
        sense: 'at most',
        bound: 1.05,
        measured: spreadOf(ratios(all(image, 'loadCpu'), all(bundled, 'loadCpu'))).median,
        format: (value) => `${formatFigure(value)} ×`,
      },
    ];
    return {
      title: 'Starts and memory',
      blocks: [
        'The reference server in production, with an RS256 key in its environment, in a control group of 512 MiB: ' +
          `milliseconds from the start of its process to the first 200 of \`/health\` in ${rounds} rounds, and what ` +
          'the group uses, the most of ' +
          `${loads} rounds, after the start, after ${requestsSent.toLocaleString('en-US')} calls of a tool, and after ` +
          `${timesEachBody} times each of the largest bodies, 16 at a time. CPU is that of the calls and bodies.`,
        renderTable(
          ['', 'start, ms', 'its CPU, ms', 'at start', 'after calls', 'after bodies', 'CPU, ms'],
          startContestants.map((contestant) => [
            contestant.name,
            formatSpread(spreadOf(all(contestant, 'start'))),
            formatSpread(spreadOf(all(contestant, 'startCpu'))),
            ...(['memoryAtStart', 'memoryAfterRequests', 'memoryAfterBodies'] as const).map(
              (name) => formatMegabytes(most(contestant, name)),
            ),
            all(contestant, 'loadCpu').length === 0
              ? nothing
              : formatSpread(spreadOf(all(contestant, 'loadCpu'))),
          ]),
        ),
      ],
      targets,
    };
  },
};
