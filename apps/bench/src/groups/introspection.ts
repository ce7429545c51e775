import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { detectEnvironment, Secret } from '@sallyport/core';
import { clientSecretBasic, createIntrospectionVerifier } from '@sallyport/verifier-introspection';
import * as oauth from 'oauth4webapi';
import { formatMicroseconds, formatSpread, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type Effort, type Lane, measureRounds } from '../rounds/rounds.ts';
import { differences, type Rounds, rotate, spreadOf } from '../rounds/statistics.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Group } from './group.ts';
import { formatBound, type Target } from './target.ts';

const program = fileURLToPath(new URL('../programs/answer-introspections.ts', import.meta.url));
const clientId = 'mcp-server';
const secret = randomBytes(24).toString('base64url');
const names = {
  bare: 'fetch alone',
  ours: '@sallyport/verifier-introspection',
  peer: 'oauth4webapi',
  cached: '@sallyport/verifier-introspection, cache',
} as const;

type Ask = (token: string) => Promise<unknown>;

/** Opaque tokens: the cost of a request to the authorization server, and of an answer from the cache. */
export const introspection: Group = {
  name: 'introspection',

  async run(effort, onProgress) {
    const server = fork(program, { execArgv: [] });
    try {
      const [url] = (await once(server, 'message')) as [string];
      const cold = await measureCpu(createAskers(url), effort, onProgress);
      const cached = await measureCached(url, effort, onProgress);
      const bare = cold.get(names.bare) ?? [];
      const added = (name: string) => spreadOf(differences(cold.get(name) ?? [], bare));
      const hit: Target = {
        what: 'an opaque token that is known',
        ...{ sense: 'at most', bound: 3, format: formatMicroseconds },
        measured: spreadOf(cached).median,
      };
      const question: Target = {
        what: 'CPU that a question about an opaque token adds to fetch alone',
        ...{ sense: 'at most', bound: 150, format: formatMicroseconds },
        measured: added(names.ours).median,
      };
      return {
        title: 'An opaque token',
        blocks: [
          'CPU time of the process that asks, in µs for each token: 16 questions at a time, to a ' +
            'server on the same machine. oauth4webapi sends and reads a request, and judges nothing ' +
            'but `active`. Below, a token whose answer is known.',
          renderTable(
            ['µs of CPU', 'in all', 'more than fetch alone', 'target'],
            [
              ...[names.bare, names.peer, names.ours].map((name) => [
                name,
                formatSpread(spreadOf(cold.get(name) ?? [])),
                name === names.bare ? nothing : formatSpread(added(name)),
                name === names.ours ? formatBound(question) : nothing,
              ]),
              [names.cached, formatSpread(spreadOf(cached)), nothing, formatBound(hit)],
            ],
          ),
        ],
        targets: [hit, question],
      };
    } finally {
      server.disconnect();
    }
  },
};

function createOurs(url: string, ttlSeconds: number): Ask {
  const verifier = createIntrospectionVerifier({
    url,
    issuer: issuerName,
    audience,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    clientAuthentication: clientSecretBasic({ clientId, secret: new Secret(secret) }),
    cache: { ttlSeconds },
  });
  const { signal } = new AbortController();
  return (token) =>
    verifier.verify(token, {
      nowSeconds: Math.floor(Date.now() / 1_000),
      signal,
      allowRemote: true,
    });
}

function createAskers(url: string): ReadonlyMap<string, Ask> {
  const server = { issuer: issuerName, introspection_endpoint: url };
  const client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(secret);
  const Authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  return new Map<string, Ask>([
    [
      names.bare,
      async (token) => {
        const body = new URLSearchParams({ token });
        const response = await fetch(url, { method: 'POST', headers: { Authorization }, body });
        const { active } = (await response.json()) as { active: unknown };
        if (active !== true) throw new Error('not active');
      },
    ],
    [
      names.peer,
      async (token) => {
        const response = await oauth.introspectionRequest(server, client, authentication, token, {
          [oauth.allowInsecureRequests]: true,
        });
        const { active } = await oauth.processIntrospectionResponse(server, client, response);
        if (!active) throw new Error('not active');
      },
    ],
    [names.ours, createOurs(url, 0)],
  ]);
}

const questionsPerMs = 5;
const atATime = 16;

async function measureCpu(
  askers: ReadonlyMap<string, Ask>,
  { rounds, sliceMs, warmUpMs }: Effort,
  onProgress: (what: string) => void,
): Promise<ReadonlyMap<string, Rounds>> {
  const run = async (ask: Ask, count: number): Promise<number> => {
    const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
    globalThis.gc?.({ type: 'minor', execution: 'sync' });
    const before = process.cpuUsage();
    await Promise.all(
      Array.from({ length: atATime }, async () => {
        for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) await ask(token);
      }),
    );
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  const figures = new Map([...askers.keys()].map((name) => [name, [] as number[]]));
  for (const ask of askers.values()) await run(ask, warmUpMs * questionsPerMs);
  for (let round = 0; round < rounds; round += 1) {
    onProgress(`questions, round ${round + 1} of ${rounds}`);
    for (const [name, ask] of rotate([...askers], round)) {
      figures.get(name)?.push(await run(ask, sliceMs * questionsPerMs));
    }
  }
  return figures;
}

async function measureCached(
  url: string,
  effort: Effort,
  onProgress: (what: string) => void,
): Promise<Rounds> {
  const ask = createOurs(url, 300);
  const tokens = Array.from({ length: 100 }, () => randomBytes(32));
  for (const token of tokens) await ask(token.toString('hex'));
  const lane: Lane = {
    name: names.cached,
    expects: 'acceptance',
    call: (index) => ask(tokens[index % tokens.length]?.toString('hex') ?? ''),
  };
  const timings = await measureRounds([lane], effort, (round) =>
    onProgress(`known answers, round ${round} of ${effort.rounds}`),
  );
  return timings.get(names.cached) ?? [];
}
