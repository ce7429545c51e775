import { apiKeysName, openApiKeys } from '../contestants/api-keys.ts';
import { awsJwtVerify } from '../contestants/aws-jwt-verify.ts';
import type { TokenCheck } from '../contestants/contestant.ts';
import { digestFloor } from '../contestants/digest-floor.ts';
import { fastJwt } from '../contestants/fast-jwt.ts';
import { jose } from '../contestants/jose.ts';
import { sallyport } from '../contestants/sallyport.ts';
import { formatSpread, formatTimes, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Lane, measureRounds, type Timings } from '../rounds/rounds.ts';
import { differences, type Rounds, ratios, spreadOf } from '../rounds/statistics.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintTokens } from '../tokens/tokens.ts';
import type { Group } from './group.ts';
import { formatBound, type Target } from './target.ts';

const cachedTokens = 10_000;
/** The number of clients that take turns. With a single one, the cache would never change its order. */
const clients = 100;

const textOnly = 'a new string';
const floor = digestFloor.name;
const ours = `${sallyport.name}, cache`;
const peer = `${fastJwt.name}, cache`;
const joseName = `${jose.name}, no cache`;
const awsName = `${awsJwtVerify.name}, no cache`;

const mostOverFloor = { sense: 'at most', bound: 1.25, format: formatTimes } as const;
const leastTimes = { sense: 'at least', bound: 1.8, format: formatTimes } as const;

/** The same tokens again. Each time they are new strings, as in real requests. */
export const hotVerify: Group = {
  name: 'hot-verify',

  async run(effort, onProgress) {
    const timings = await measureRounds(await openLanes(), effort, (round) =>
      onProgress(`round ${round} of ${effort.rounds}`),
    );
    const net = (name: string): Rounds =>
      differences(roundsOf(timings, name), roundsOf(timings, textOnly));
    const advantage = (name: string): Rounds => ratios(net(peer), net(name));
    const overFloor = (name: string): Rounds => ratios(net(name), net(floor));
    const targets: readonly Target[] = [
      {
        what: `RS256, seen before, against ${floor}`,
        measured: spreadOf(overFloor(ours)).median,
        ...mostOverFloor,
      },
      {
        what: "RS256, seen before, against fast-jwt's cache",
        measured: spreadOf(advantage(ours)).median,
        ...leastTimes,
      },
    ];

    return {
      title: 'A token that was seen before',
      blocks: [
        `RS256, ${clients} tokens in turn, each time as a new string made of bytes. That string's ` +
          'own cost stands in the first row, and is taken off all others. API keys are shorter, and not JWTs. The third column says how ' +
          `many times the time of ${floor} it is, and the last how many times the throughput of fast-jwt's cache.`,
        renderTable(
          ['', 'µs', 'µs with the string', `× ${floor}`, "× fast-jwt's cache"],
          [
            [
              textOnly,
              nothing,
              formatSpread(spreadOf(roundsOf(timings, textOnly))),
              nothing,
              nothing,
            ],
            ...[floor, ours, peer, awsName, joseName, apiKeysName].map((name) => [
              name,
              formatSpread(spreadOf(net(name))),
              formatSpread(spreadOf(roundsOf(timings, name))),
              formatSpread(spreadOf(overFloor(name))),
              formatSpread(spreadOf(advantage(name))),
            ]),
            ['target', nothing, nothing, formatBound(mostOverFloor), formatBound(leastTimes)],
          ],
        ),
      ],
      targets,
    };
  },
};

async function openLanes(): Promise<readonly Lane[]> {
  const issuer = createIssuer('RS256');
  const tokens = mintTokens(issuer, clients);
  const bytes = tokens.map((token) => Buffer.from(token, 'latin1'));
  const freshText = (index: number): string => bytes[index % clients]?.toString('latin1') ?? '';

  const cached = { cachedTokens };
  const checks: Readonly<Record<string, TokenCheck>> = {
    [textOnly]: (token) => token,
    [floor]: digestFloor.open(tokens),
    [ours]: await sallyport.open(issuer, cached),
    [peer]: await fastJwt.open(issuer, cached),
    [awsName]: await awsJwtVerify.open(issuer, cached),
    [joseName]: await jose.open(issuer, cached),
  };
  const { keys, check: checkKey } = await openApiKeys(clients);
  const keyBytes = keys.map((key) => Buffer.from(key, 'latin1'));
  const freshKey = (index: number): string => keyBytes[index % clients]?.toString('latin1') ?? '';
  return [
    ...Object.entries(checks).map(
      ([name, check]): Lane => ({
        name,
        expects: 'acceptance',
        call: (index) => check(freshText(index)),
      }),
    ),
    { name: apiKeysName, expects: 'acceptance', call: (index) => checkKey(freshKey(index)) },
  ];
}

function roundsOf(timings: Timings, name: string): Rounds {
  return timings.get(name) ?? [];
}
