import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { formatFigure, formatTimes } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { type BodyShape, createBodyShapes } from '../requests/body-shapes.ts';
import { sendDirectly, splitBody } from '../requests/direct-request.ts';
import { hotGate, requestBody } from '../requests/mcp-request.ts';
import type { Effort } from '../rounds/rounds.ts';
import { spreadOf } from '../rounds/statistics.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintTokens } from '../tokens/tokens.ts';
import type { Group } from './group.ts';

/** Bytes: the least size for which the target holds, and the default limit. */
const sizes = [102_400, 1_048_576];

/** What the worst bodies cost a gate, and how long all other requests wait for them. */
export const bodies: Group = {
  name: 'bodies',

  async run(effort, onProgress) {
    const issuer = createIssuer('RS256');
    const [token = ''] = mintTokens(issuer, 1);
    const server = hotGate.create(issuer);
    const rows: string[][] = [];
    const all: Figures[] = [];
    for (const size of sizes) {
      for (const [name, shape] of Object.entries(createBodyShapes(size))) {
        onProgress(`${name}, ${size} bytes`);
        globalThis.gc?.();
        const figures = await measure(server, token, shape, effort);
        const { gate, parse, stall } = figures;
        all.push(figures);
        rows.push([
          name,
          `${Math.round(shape.bytes.length / 1_024)}`,
          ...[parse, gate, gate / parse, stall].map(formatFigure),
        ]);
      }
    }
    const worst = { sense: 'at most' } as const;
    return {
      title: 'The largest bodies',
      blocks: [
        'A token that was seen before, and no network. The gate reads the body in chunks of 64 KiB, checks it and its ' +
          'scopes, and calls a handler: what a request of 100 bytes costs is subtracted. `JSON.parse` stands for a ' +
          'server without a gate: it joins the same chunks, decodes and parses them. Both are CPU time, the mean of ' +
          'all rounds. The stall is the longest time in which one request lets nothing else run: the median of all ' +
          'rounds.',
        renderTable(['ms', 'KiB', '`JSON.parse`', 'gate', 'ratio', 'stall'], rows),
      ],
      targets: [
        {
          ...worst,
          what: 'The gate over `JSON.parse`, for the worst body from 100 KiB on',
          ...{ bound: 2, measured: Math.max(...all.map(({ gate, parse }) => gate / parse)) },
          format: formatTimes,
        },
        {
          ...worst,
          what: 'The longest stall by one body',
          ...{ bound: 50, measured: Math.max(...all.map(({ stall }) => stall)) },
          format: (value) => `${formatFigure(value)} ms`,
        },
      ],
    };
  },
};

/** Milliseconds for one body. */
interface Figures {
  /** What a small request costs is subtracted. */
  readonly gate: number;
  readonly parse: number;
  readonly stall: number;
}

async function measure(
  server: Server,
  token: string,
  { bytes, isAccepted }: BodyShape,
  { rounds, sliceMs, warmUpMs }: Effort,
): Promise<Figures> {
  const send = (body: Buffer, expected: number) => async () => {
    const status = await sendDirectly(server, token, body);
    if (status !== expected) throw new Error(`it was answered with ${status}`);
  };
  const sendSmall = send(Buffer.from(requestBody), 200);
  const sendLarge = send(bytes, isAccepted ? 200 : 400);
  const chunks = splitBody(bytes);
  const parse = () => {
    try {
      JSON.parse(Buffer.concat(chunks).toString());
    } catch {
      // What is not JSON costs something as well.
    }
  };
  const calls = [parse, sendSmall, sendLarge];
  const slices: Slice[][] = calls.map(() => []);
  const stalls: number[] = [];
  for (const call of calls) await timeSlice(call, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, call] of calls.entries()) {
      slices[index]?.push(await timeSlice(call, sliceMs));
    }
    stalls.push(await longestTurn(sendLarge));
  }
  const [parsed = 0, small = 0, large = 0] = slices.map(meanOf);
  return { gate: large - small, parse: parsed, stall: spreadOf(stalls).median };
}

interface Slice {
  readonly calls: number;
  /** CPU time, in milliseconds. */
  readonly cpu: number;
}

// The clock for CPU time of some systems moves on in steps of 10 ms: only sums of many slices are exact.
const meanOf = (slices: readonly Slice[]) =>
  slices.reduce((sum, { cpu }) => sum + cpu, 0) / slices.reduce((sum, { calls }) => sum + calls, 0);

async function timeSlice(call: () => unknown, milliseconds: number): Promise<Slice> {
  // Timers and immediates of the calls before run first: they hold bodies in memory.
  await setImmediate();
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const before = process.cpuUsage();
  const end = performance.now() + milliseconds;
  let calls = 0;
  do {
    await call();
    calls += 1;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return { calls, cpu: (user + system) / 1_000 };
}

/** The longest time between two turns of the event loop while the call runs. Unit: milliseconds. */
async function longestTurn(call: () => Promise<void>): Promise<number> {
  let isRunning = true;
  let longest = 0;
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isRunning) globalThis.setImmediate(turn);
  };
  globalThis.setImmediate(turn);
  await call();
  turn();
  isRunning = false;
  return longest;
}
