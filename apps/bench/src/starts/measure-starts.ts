import { Pool } from 'undici';
import { createBodyShapes } from '../requests/body-shapes.ts';
import { createLoad } from '../requests/load.ts';
import { rotate } from '../rounds/statistics.ts';
import { toolCalls, toolScope } from '../servers/tool-call.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintTokens } from '../tokens/tokens.ts';
import type { StartContestant } from './start-contestants.ts';
import { audience, issuerName, startNodeAlone, startServerProgram } from './started-server.ts';

/** Of one contestant, round by round. Unit: milliseconds and bytes. */
export interface StartFigures {
  readonly start: number[];
  /** The start over the time of Node.js alone, just before. */
  readonly startOverNode: number[];
  /** From the start of the process to the answer of the first tool call, in the rounds with a load. */
  readonly firstCall: number[];
  readonly startCpu: number[];
  readonly memoryAtStart: number[];
  readonly memoryAfterRequests: number[];
  readonly memoryAfterBodies: number[];
  /** CPU time for all requests and bodies. */
  readonly loadCpu: number[];
}

export const requestsSent = 10_000;
/** So often each of the worst bodies is sent. */
export const timesEachBody = 2;
const bodyBytes = 1_048_000;

/**
 * Starts every contestant once in each round, one after the other. In the last rounds each with its key in its
 * environment also gets its load: tool calls over 16 connections, then the worst bodies, 16 at a time.
 */
export async function measureStarts(
  contestants: readonly StartContestant[],
  { rounds, loads }: { readonly rounds: number; readonly loads: number },
  onRound: (round: number) => void,
): Promise<ReadonlyMap<StartContestant, StartFigures>> {
  const issuer = createIssuer('RS256');
  const tokens = mintTokens(issuer, 100, {
    ...{ iss: issuerName, aud: audience, scope: toolScope },
  });
  const figures = new Map(contestants.map((contestant) => [contestant, noFigures()]));
  for (let round = 0; round < rounds; round += 1) {
    onRound(round + 1);
    for (const contestant of rotate(contestants, round)) {
      const of = figures.get(contestant) ?? noFigures();
      const aloneMs = await startNodeAlone();
      const server = await startServerProgram(contestant, issuer.keyText);
      try {
        of.start.push(server.startMs);
        of.startOverNode.push(server.startMs / aloneMs);
        of.startCpu.push(server.cpuMs());
        of.memoryAtStart.push(server.memory());
        // The tokens are for the key in the environment.
        if (round < rounds - loads || contestant.variables !== undefined) continue;
        const begun = performance.now();
        await sendCalls(server.port, tokens, 1);
        of.firstCall.push(server.startMs + performance.now() - begun);
        const before = server.cpuMs();
        await sendCalls(server.port, tokens, requestsSent);
        of.memoryAfterRequests.push(server.memory());
        await sendBodies(server.port, tokens);
        of.memoryAfterBodies.push(server.memory());
        of.loadCpu.push(server.cpuMs() - before);
      } finally {
        await server.stop();
      }
    }
  }
  return figures;
}

function noFigures(): StartFigures {
  return {
    ...{ start: [], startOverNode: [], firstCall: [], startCpu: [], memoryAtStart: [] },
    ...{ memoryAfterRequests: [], memoryAfterBodies: [], loadCpu: [] },
  };
}

async function sendCalls(port: number, tokens: readonly string[], count: number): Promise<void> {
  const load = createLoad(port, 'v2');
  await load.run(count, (index) => tokens[index % tokens.length] ?? '');
  await load.close();
}

/** @throws When one of them is not answered as it should be: the process was killed for its memory, for example. */
async function sendBodies(port: number, tokens: readonly string[]): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16, pipelining: 1 });
  const shapes = Object.entries(createBodyShapes(bodyBytes));
  const sendings = Array.from({ length: timesEachBody }, () => shapes).flat();
  await Promise.all(
    sendings.map(async ([name, { bytes }], index) => {
      const { statusCode, body } = await pool.request({
        path: '/mcp',
        method: 'POST',
        headers: {
          ...toolCalls.v1.headers,
          Authorization: `Bearer ${tokens[index % tokens.length]}`,
        },
        body: bytes,
      });
      await body.dump();
      // The SDK refuses some of what the gate accepts: there is no such tool.
      if (statusCode >= 500) throw new Error(`${name} was answered with ${statusCode}`);
    }),
  );
  await pool.close();
}
