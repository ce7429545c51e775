/**
 * A process of its own, whose memory is measured while it gets an answer: the guarded way, or else as
 * anybody would. It says when it is ready, waits for a word, and says what the answer has cost.
 */
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { detectEnvironment } from '@sallyport/core';
import { createJwtVerifier, type KeyEvent, remoteJwks } from '../src/index.ts';
import { judge } from '../test/fixture.ts';

export interface MemoryReport {
  /** In bytes, above what was in use before. */
  readonly heap: number;
  readonly resident: number;
  readonly outcome: unknown;
}

const [way, issuer = '', audience = '', token = ''] = process.argv.slice(2);
const url = `${issuer}/jwks`;
let clock = 0;
const events: KeyEvent[] = [];
const verifier = createJwtVerifier({
  issuer,
  audience,
  algorithms: ['ES256'],
  keys: remoteJwks({
    url,
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    cacheTtlSeconds: 60,
    timeoutSeconds: 30,
    monotonicNow: () => clock,
    onKeyEvent: (event) => events.push(event),
  }),
});
const ask = async () => (await judge(token, verifier, Math.floor(Date.now() / 1_000))).code;

/** Fetches the keys, because they are too old. */
async function getGuarded(): Promise<unknown> {
  clock += 60_000;
  const code = await ask();
  return { code, event: events.at(-1) };
}

async function getPlainly(): Promise<unknown> {
  const bytes = await (await fetch(url)).arrayBuffer();
  return bytes.byteLength;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function measure(): { heap: number; resident: number } {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function watch(work: () => Promise<unknown>): Promise<MemoryReport> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await nextTurn();
  }
  const before = measure();
  const peak = { ...before };
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const { heap, resident } = measure();
    peak.heap = Math.max(peak.heap, heap);
    peak.resident = Math.max(peak.resident, resident);
    await nextTurn();
  }
  const outcome = await working;
  return { heap: peak.heap - before.heap, resident: peak.resident - before.resident, outcome };
}

const get = way === 'guarded' ? getGuarded : getPlainly;
// The code is compiled, the connection open and the buffers there before anything counts.
for (let round = 0; round < 20; round += 1) await get();
process.send?.('ready');
await once(process, 'message');
process.send?.(await watch(get));
process.disconnect();
await verifier.close?.();
