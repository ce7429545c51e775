import { randomBytes } from 'node:crypto';
import { contestantsFor } from '../contestants/contestants.ts';
import { sallyport } from '../contestants/sallyport.ts';
import { formatMicroseconds, formatSpread, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Lane, measureRounds, type Timings } from '../rounds/rounds.ts';
import { spreadOf } from '../rounds/statistics.ts';
import { createIssuer, type Issuer } from '../tokens/issuer.ts';
import { fastest } from '../tokens/raw-signature.ts';
import { mintTokens, tamperSignature } from '../tokens/tokens.ts';
import type { Group } from './group.ts';
import { formatBound } from './target.ts';

const forged = 'wrong signature';
const kinds = {
  garbage: () => Array.from({ length: 500 }, () => randomBytes(540).toString('base64url')),
  [forged]: (issuer: Issuer) => mintTokens(issuer, 500).map(tamperSignature),
  expired: (issuer: Issuer) => mintTokens(issuer, 500, longAgo()),
} as const;

const bound = { sense: 'at most', bound: 60, format: formatMicroseconds } as const;

/** Bad tokens under RS256, every one different. */
export const refusals: Group = {
  name: 'refusals',

  async run(effort, onProgress) {
    const issuer = createIssuer('RS256');
    const timings = new Map<string, Timings>();
    for (const [kind, mint] of Object.entries(kinds)) {
      const tokens = mint(issuer);
      const raw: Lane = {
        name: fastest.name,
        expects: 'refusal',
        call: fastest.open(issuer, tokens),
      };
      const lanes = await openLanes(issuer, tokens);
      timings.set(
        kind,
        // Garbage has no signature to check, and that of an expired token is good.
        await measureRounds(kind === forged ? [raw, ...lanes] : lanes, effort, (round) =>
          onProgress(`${kind}, round ${round} of ${effort.rounds}`),
        ),
      );
    }

    const cell = (name: string, kind: string): string => {
      const times = timings.get(kind)?.get(name);
      return times === undefined ? nothing : formatSpread(spreadOf(times));
    };
    const names = contestantsFor('RS256').map(({ name }) => name);
    const own = Object.keys(kinds).map(
      (kind) => spreadOf(timings.get(kind)?.get(sallyport.name) ?? []).median,
    );

    return {
      title: 'A token that is refused',
      blocks: [
        'RS256, 500 different tokens of each kind, in µs from the call to what was thrown. Garbage ' +
          'is 720 characters without a dot.',
        renderTable(
          ['µs', ...Object.keys(kinds)],
          [
            ...[fastest.name, ...names].map((name) => [
              name,
              ...Object.keys(kinds).map((kind) => cell(name, kind)),
            ]),
            ['target', ...Object.keys(kinds).map(() => formatBound(bound))],
          ],
        ),
      ],
      targets: [{ what: 'a refusal, the slowest kind', measured: Math.max(...own), ...bound }],
    };
  },
};

async function openLanes(issuer: Issuer, tokens: readonly string[]): Promise<readonly Lane[]> {
  const lanes = contestantsFor('RS256').map(async ({ name, open }): Promise<Lane> => {
    const check = await open(issuer, { cachedTokens: 0 });
    return {
      name,
      expects: 'refusal',
      call: (index) => check(tokens[index % tokens.length] ?? ''),
    };
  });
  return Promise.all(lanes);
}

function longAgo(): Readonly<Record<string, number>> {
  const now = Math.floor(Date.now() / 1_000);
  return { iat: now - 7_200, exp: now - 3_600 };
}
