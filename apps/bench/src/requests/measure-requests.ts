import { type ServerProcess, startServerProcess } from '../programs/server-process.ts';
import { chooseOtherCore } from '../rounds/pinning.ts';
import type { Effort } from '../rounds/rounds.ts';
import { rotate } from '../rounds/statistics.ts';
import { toolScope } from '../servers/tool-call.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintTokens, tamperSignature } from '../tokens/tokens.ts';
import { createLoad, type Load } from './load.ts';
import type { RequestLane } from './request-lanes.ts';

/** Of one lane, round by round. */
export interface RequestFigures {
  /** CPU time of the server, in microseconds per request. */
  readonly cpu: number[];
  readonly perSecond: number[];
}

interface Running {
  readonly lane: RequestLane;
  readonly server: ServerProcess;
  readonly load: Load;
  readonly figures: RequestFigures;
  readonly tokenOf: () => string;
}

// A slice is counted in requests: what is measured is the CPU time of another process.
const requestsPerMs = 10;
// Not counted: after a pause of seconds, a process fills its caches and heap again.
const leadIn = 250;
// Thousands, until all of it is compiled as it stays: gates, SDKs and Express are a lot of code.
const warmUpPerMs = 30;

/**
 * Has every lane answer a slice of requests in each round, one lane after the other.
 *
 * @throws When a good request is not answered as it should be, or a bad one is where tokens are
 *   checked.
 */
export async function measureRequests(
  lanes: readonly RequestLane[],
  { rounds, sliceMs, warmUpMs }: Effort,
  onRound: (round: number) => void,
): Promise<ReadonlyMap<string, RequestFigures>> {
  const issuer = createIssuer('RS256');
  const claims = { scope: toolScope };
  const slice = sliceMs * requestsPerMs;
  const warmUp = warmUpMs * warmUpPerMs;
  const known = mintTokens(issuer, 100, claims);
  const fresh = mintTokens(issuer, 1 + warmUp + rounds * (leadIn + slice), claims);
  const { jwk, keyText } = issuer;
  const core = await chooseOtherCore();
  const running: Running[] = [];
  try {
    for (const lane of lanes) {
      const contestant = lane.contestant.name;
      const server = await startServerProcess({ contestant, issuer: { jwk, keyText } }, core);
      const load = createLoad(server.port, lane.contestant.line, lane.contestant);
      // A session belongs to one caller.
      const seen = lane.contestant.hasSessions ? known.slice(0, 1) : known;
      const tokenOf = inTurn(lane.tokens === 'never seen' ? fresh : seen);
      running.push({ lane, server, load, tokenOf, figures: { cpu: [], perSecond: [] } });
    }
    for (const { lane, load, tokenOf } of running) {
      await assertChecks(lane, load, tokenOf());
      await load.run(warmUp, tokenOf);
    }
    for (let round = 0; round < rounds; round += 1) {
      onRound(round + 1);
      for (const one of rotate(running, round)) await runSlice(one, slice);
    }
    return new Map(running.map(({ lane, figures }) => [lane.name, figures]));
  } finally {
    for (const { load, server } of running) {
      server.stop();
      await load.close();
    }
  }
}

async function runSlice({ server, load, tokenOf, figures }: Running, count: number): Promise<void> {
  await load.run(leadIn, tokenOf);
  const before = await server.cpuTime();
  const start = performance.now();
  await load.run(count, tokenOf);
  figures.perSecond.push((count * 1_000) / (performance.now() - start));
  figures.cpu.push(((await server.cpuTime()) - before) / count);
}

async function assertChecks({ contestant }: RequestLane, load: Load, token: string): Promise<void> {
  await load.run(1, () => token);
  for (const bad of [undefined, tamperSignature(token)]) {
    const { status } = await load.send(bad);
    if ((status === 401) !== contestant.checksTokens) {
      throw new Error(`${contestant.name} answered ${status} to a bad token`);
    }
  }
}

function inTurn(tokens: readonly string[]): () => string {
  let index = 0;
  return () => {
    const token = tokens[index % tokens.length] ?? '';
    index += 1;
    return token;
  };
}
