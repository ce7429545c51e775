import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { callersInTurn, createQuotaLanes } from '../contestants/call-quotas.ts';
import { addressOf, type LimiterContestant, limiters, ours } from '../contestants/limiters.ts';
import { formatMegabytes, formatMicroseconds, formatSpread } from '../report/figures.ts';
import { type FloodFigures, type FloodTask, parseFloodFigures } from '../report/flood-figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Lane, measureRounds } from '../rounds/rounds.ts';
import { spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';
import type { Target } from './target.ts';

const program = fileURLToPath(new URL('../programs/flood-limiter.ts', import.meta.url));
const count = (value: number): string => value.toLocaleString('en-US');

/** Addresses that take turns while operations are timed. The limiters remember more than these. */
const addressesInTurn = 50_000;
/** Addresses whose records are measured. More would fill the memory, because some peers have no bound. */
const addressesWeighed = 300_000;

/** What limiters in memory cost, and what happens when addresses rotate. */
export const rateLimit: Group = {
  name: 'rate-limit',

  async run(effort, onProgress) {
    const quotaLanes = createQuotaLanes();
    const lanes = [...limiters.flatMap(createLanes), ...quotaLanes];
    const timings = await measureRounds(lanes, effort, (round) =>
      onProgress(`peek, countFailure and quotas, round ${round} of ${effort.rounds}`),
    );
    const cost = (name: string) => formatSpread(spreadOf(timings.get(name) ?? []));

    const weighed = new Map<string, FloodFigures>();
    for (const { name } of limiters) {
      onProgress(`${name}, ${count(addressesWeighed)} addresses`);
      weighed.set(name, await flood({ limiter: name, addresses: addressesWeighed }));
    }
    const rotating = effort.ringSize * 2_000;
    onProgress(`${ours.name}, ${count(rotating)} addresses`);
    const flooded = await flood({ limiter: ours.name, addresses: rotating });

    const slowest: Target = {
      what: `99 of 100 operations of the rate limiter, ${count(rotating)} rotating addresses`,
      ...{ sense: 'at most', bound: 10, measured: flooded.p99, format: formatMicroseconds },
    };
    const kept: Target = {
      what: `the rate limiter after ${count(rotating)} rotating addresses`,
      ...{ sense: 'at most', bound: 32e6, measured: flooded.bytes, format: formatMegabytes },
    };
    const row = (name: string, addresses: number, { p99, bytes }: FloodFigures) => [
      name,
      count(addresses),
      formatMicroseconds(p99),
      formatMegabytes(bytes),
    ];
    return {
      title: 'The rate limiter',
      blocks: [
        `Microseconds for each call, for ${count(addressesInTurn)} addresses that take turns.`,
        renderTable(
          ['µs', 'peek', 'countFailure'],
          limiters.map(({ name }) => [name, cost(`${name} peek`), cost(`${name} count`)]),
        ),
        `A quota of calls: microseconds for each accepted call, for ${count(callersInTurn)} callers that take turns.`,
        renderTable(
          ['µs', 'added to an accepted request'],
          quotaLanes.map(({ name }) => [name, cost(name)]),
        ),
        'A peek and a failure from each of so many addresses that never come back, one half of them ' +
          'IPv6 networks: what 99 of 100 calls took at most, and what is in use afterwards.',
        renderTable(
          ['', 'addresses', '99th percentile', 'memory'],
          [
            ...limiters.map(({ name }) =>
              row(name, addressesWeighed, weighed.get(name) ?? { p99: Number.NaN, bytes: 0 }),
            ),
            row(ours.name, rotating, flooded),
          ],
        ),
      ],
      targets: [slowest, kept],
    };
  },
};

function createLanes({ name, open }: LimiterContestant): readonly Lane[] {
  const limiter = open();
  const addresses = Array.from({ length: addressesInTurn }, (_, index) => addressOf(index));
  const at = (index: number): string => addresses[index % addresses.length] ?? '';
  return [
    { name: `${name} peek`, expects: 'acceptance', call: (index) => limiter.peek(at(index)) },
    {
      name: `${name} count`,
      expects: 'acceptance',
      call: (index) => limiter.countFailure(at(index)),
    },
  ];
}

async function flood(task: FloodTask): Promise<FloodFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    program,
    JSON.stringify(task),
  ]);
  return parseFloodFigures(stdout);
}
