import { contestants, contestantsFor } from '../contestants/contestants.ts';
import { fastJwt } from '../contestants/fast-jwt.ts';
import { sallyport } from '../contestants/sallyport.ts';
import { renderBarChart } from '../report/bar-chart.ts';
import { formatShare, formatSpread, formatTimes, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Effort, type Lane, measureRounds, type Timings } from '../rounds/rounds.ts';
import { type Rounds, ratios, type Spread, spreadOf } from '../rounds/statistics.ts';
import { type Algorithm, algorithms, createIssuer } from '../tokens/issuer.ts';
import { documented, fastest } from '../tokens/raw-signature.ts';
import { mintTokens } from '../tokens/tokens.ts';
import type { Group } from './group.ts';
import { formatBound, type Target } from './target.ts';

const bounds: ReadonlyMap<Algorithm, number> = new Map([
  ['RS256', 0.78],
  ['ES256', 0.9],
  ['EdDSA', 0.93],
]);
const hmacBound = 1.15;

type ShareOf = (name: string, algorithm: Algorithm, floor?: string) => Spread | undefined;

/** Tokens that are new to the verifier: the whole verifier against the signature alone. */
export const coldVerify: Group = {
  name: 'cold-verify',

  async run(effort, onProgress) {
    const timings = new Map<Algorithm, Timings>();
    for (const algorithm of algorithms) {
      timings.set(
        algorithm,
        await measureAlgorithm(algorithm, effort, (round) =>
          onProgress(`${algorithm}, round ${round} of ${effort.rounds}`),
        ),
      );
    }

    const timesOf = (name: string, algorithm: Algorithm): Rounds | undefined =>
      timings.get(algorithm)?.get(name);
    const shareOf: ShareOf = (name, algorithm, floor = fastest.name) => {
      const [raw, own] = [timesOf(floor, algorithm), timesOf(name, algorithm)];
      return raw && own && spreadOf(ratios(raw, own));
    };
    const row = (name: string, cell: (algorithm: Algorithm) => Spread | undefined) => [
      name,
      ...algorithms.map((algorithm) => {
        const figure = cell(algorithm);
        return figure === undefined ? nothing : formatSpread(figure);
      }),
    ];
    const names = contestants.map(({ name }) => name);
    const targets = judge(shareOf, timesOf);

    return {
      title: 'A token that nobody has seen before',
      blocks: [
        `Throughput as a share of what ${fastest.name} reaches: the median of the rounds, with the ` +
          'least and the most. 1 would be a verifier that costs nothing but the signature.',
        renderTable(
          ['', ...algorithms],
          [
            [fastest.name, ...algorithms.map(() => '1')],
            ...[documented.name, ...names].map((name) =>
              row(name, (algorithm) => shareOf(name, algorithm)),
            ),
            ['target', ...algorithms.map((algorithm) => targetCell(algorithm))],
          ],
        ),
        'The same in µs per token.',
        renderTable(
          ['µs', ...algorithms],
          [fastest.name, documented.name, ...names].map((name) =>
            row(name, (algorithm) => {
              const times = timesOf(name, algorithm);
              return times && spreadOf(times);
            }),
          ),
        ),
      ],
      targets,
      charts: {
        'cold-verify.svg': renderBarChart({
          title: 'Verifying a token never seen before: throughput ÷ node:crypto alone',
          series: names,
          groups: algorithms.map((algorithm) => ({
            label: algorithm,
            values: names.map((name) => shareOf(name, algorithm)?.median),
          })),
        }),
      },
    };
  },
};

async function measureAlgorithm(
  algorithm: Algorithm,
  effort: Effort,
  onRound: (round: number) => void,
): Promise<Timings> {
  const issuer = createIssuer(algorithm);
  const tokens = mintTokens(issuer, effort.ringSize);
  const floors = [fastest, documented].map(
    ({ name, open }): Lane => ({ name, expects: 'acceptance', call: open(issuer, tokens) }),
  );
  const lanes = contestantsFor(algorithm).map(async ({ name, open }): Promise<Lane> => {
    const check = await open(issuer, { cachedTokens: 0 });
    return {
      name,
      expects: 'acceptance',
      call: (index) => check(tokens[index % tokens.length] ?? ''),
    };
  });
  return measureRounds([...floors, ...(await Promise.all(lanes))], effort, onRound);
}

function judge(
  shareOf: ShareOf,
  timesOf: (name: string, algorithm: Algorithm) => Rounds | undefined,
): readonly Target[] {
  const shares = [...bounds].map(([algorithm, bound]): Target => {
    const measured = shareOf(sallyport.name, algorithm, documented.name)?.median ?? Number.NaN;
    const what = `${algorithm}, never seen before, as a share of ${documented.name}`;
    return { what, sense: 'at least', bound, measured, format: formatShare };
  });
  const [peer = [], own = []] = [timesOf(fastJwt.name, 'HS256'), timesOf(sallyport.name, 'HS256')];
  const hmac: Target = {
    what: 'HS256, never seen before, against fast-jwt',
    sense: 'at least',
    bound: hmacBound,
    measured: spreadOf(ratios(peer, own)).median,
    format: formatTimes,
  };
  return [...shares, hmac];
}

function targetCell(algorithm: Algorithm): string {
  if (algorithm === 'HS256') return `≥ ${formatTimes(hmacBound)} fast-jwt`;
  const bound = bounds.get(algorithm);
  if (bound === undefined) return nothing;
  return formatBound({ sense: 'at least', bound, format: formatShare });
}
