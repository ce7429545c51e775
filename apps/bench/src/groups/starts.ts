import { rm } from 'node:fs/promises';
import {
  formatFigure,
  formatMegabytes,
  formatSpread,
  formatTimes,
  nothing,
} from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Rounds, ratios, spreadOf } from '../rounds/statistics.ts';
import { startGoogleCloud } from '../starts/google-cloud.ts';
import {
  measureStarts,
  requestsSent,
  type StartFigures,
  timesEachBody,
} from '../starts/measure-starts.ts';
import {
  bundled,
  imageWith,
  makeCompileCache,
  type StartContestant,
  unbundled,
} from '../starts/start-contestants.ts';
import { audience, issuerName } from '../starts/started-server.ts';
import type { Group } from './group.ts';
import type { Target } from './target.ts';

// A start takes as long as eight slices.
const shareOfRounds = 0.5;
const shareOfLoads = 0.1;
const answerMs = 50;

/** What the reference server takes to start, and the memory of its container. */
export const starts: Group = {
  name: 'starts',

  async run(effort, onProgress) {
    const rounds = Math.ceil(effort.rounds * shareOfRounds);
    const loads = Math.ceil(effort.rounds * shareOfLoads);
    const compileCache = await makeCompileCache();
    const image = imageWith(compileCache);
    const cloud = await startGoogleCloud({ issuer: issuerName, audience }, answerMs);
    const withSecrets: StartContestant = {
      ...image,
      name: `the image, Secret Manager at ${answerMs} ms`,
      variables: cloud.variables,
    };
    const contestants = [unbundled, bundled, image, withSecrets];
    const measured = await measureStarts(contestants, { rounds, loads }, (round) =>
      onProgress(`starts, round ${round} of ${rounds}`),
    );
    await cloud.stop();
    await rm(compileCache, { recursive: true });
    const all = (of: StartContestant, name: keyof StartFigures): Rounds =>
      measured.get(of)?.[name] ?? [];
    const median = (of: StartContestant, name: keyof StartFigures) =>
      spreadOf(all(of, name)).median;
    const most = (of: StartContestant, name: keyof StartFigures) => spreadOf(all(of, name)).maximum;
    const milliseconds = (value: number) => `${formatFigure(value)} ms`;
    const targets: readonly Target[] = [
      {
        what: 'The reference server: from its start to the first 200 of /health',
        ...{ sense: 'at most', bound: 170, measured: median(image, 'start') },
        format: milliseconds,
      },
      {
        // 170 ms where Node.js alone takes 22: it tells a slow machine from a slow start.
        what: 'The reference server: the same over the time of Node.js alone',
        ...{ sense: 'at most', bound: 7.7, measured: median(image, 'startOverNode') },
        format: formatTimes,
      },
      {
        what: `The reference server: its start with a Secret Manager that answers in ${answerMs} ms`,
        ...{ sense: 'at most', bound: 500, measured: median(withSecrets, 'start') },
        format: milliseconds,
      },
      {
        // 500 ms where Node.js alone takes 22.
        what: 'The reference server: the same over the time of Node.js alone',
        ...{ sense: 'at most', bound: 23, measured: median(withSecrets, 'startOverNode') },
        format: formatTimes,
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
        'The reference server in production, with an RS256 key in its environment or with an HS256 key in Secret ' +
          'Manager, in a control group of 512 MiB: ' +
          `milliseconds from the start of its process to the first 200 of \`/health\` in ${rounds} rounds, the same over ` +
          'the time of `node -e 0` just before, the answer of the first tool call, and what ' +
          'the group uses, the most of ' +
          `${loads} rounds, after the start, after ${requestsSent.toLocaleString('en-US')} calls of a tool, and after ` +
          `${timesEachBody} times each of the largest bodies, 16 at a time. CPU is that of the calls and bodies.`,
        renderTable(
          [
            ...['', 'start, ms', '× Node.js alone', 'first call, ms', 'its CPU, ms'],
            ...['at start', 'after calls', 'after bodies', 'CPU, ms'],
          ],
          contestants.map((contestant) => [
            contestant.name,
            formatSpread(spreadOf(all(contestant, 'start'))),
            formatSpread(spreadOf(all(contestant, 'startOverNode'))),
            orNothing(all(contestant, 'firstCall'), (rounds) => formatSpread(spreadOf(rounds))),
            formatSpread(spreadOf(all(contestant, 'startCpu'))),
            ...(['memoryAtStart', 'memoryAfterRequests', 'memoryAfterBodies'] as const).map(
              (name) =>
                orNothing(all(contestant, name), () => formatMegabytes(most(contestant, name))),
            ),
            orNothing(all(contestant, 'loadCpu'), (rounds) => formatSpread(spreadOf(rounds))),
          ]),
        ),
      ],
      targets,
    };
  },
};

function orNothing(rounds: Rounds, format: (rounds: Rounds) => string): string {
  return rounds.length === 0 ? nothing : format(rounds);
}
