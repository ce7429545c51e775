/**
 * What noise of one costs everybody else: the time of a quiet caller's tool calls, while others are loud. The gate, the
 * noise and the quiet caller each have a process of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { trialServer } from '../test/command/set-up.ts';
import { openSession } from './servers/quiet-client.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url));
const start = (name: string, ...words: readonly string[]) =>
  spawn(process.execPath, [...process.execArgv, pathOf(name), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const proxy = start('gated-proxy.ts', trialServer);
let url = '';
beforeAll(async () => {
  const [port] = await once(proxy.stdout, 'data');
  url = `http://127.0.0.1:${String(port).trim()}/mcp`;
});
afterAll(() => void proxy.kill());

const calls = 200;

/** Milliseconds of each call, in ascending order. */
async function measure(): Promise<readonly number[]> {
  const { call } = await openSession(url, 'dev-token-of-a-quiet-caller');
  const times: number[] = [];
  for (let index = 0; index < calls; index += 1) {
    const begun = performance.now();
    const answer = await call('echo', { text: `echo ${index}` });
    times.push(performance.now() - begun);
    expect(answer).toContain(`echo ${index}`);
  }
  return times.sort((left, right) => left - right);
}

interface Delay {
  readonly median: number;
  readonly longest: number;
}

function show(noise: string, times: readonly number[]): Delay {
  const at = (part: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const figures = [0.5, 0.95, 0.99, 1].map((part) => at(part).toFixed(1).padStart(7)).join(' ');
  process.stdout.write(`${noise.padEnd(32)} p50, p95, p99, most in ms: ${figures}\n`);
  return { median: at(0.5), longest: at(1) };
}

it.each([
  'a stranger with lines of 12 MB',
  'a caller with lines of 12 MB',
  'a child with lines of 12 MB',
  'a child with junk lines',
  'a child with endless output',
])('MCP-21: %s delays nobody else', async (kind) => {
  const silence = show('silence', await measure());
  const noise = start('noise.ts', url, kind);
  onTestFinished(() => void noise.kill('SIGKILL'));
  await once(noise.stdout, 'data');
  const times = await measure();
  const { median, longest } = show(kind, times);

  // Two cores carry the noise, the child and the gate: a quiet call may wait for a turn, and no longer.
  expect(median).toBeLessThan(silence.median * 5 + 50);
  expect(longest).toBeLessThan(silence.longest * 10 + 1_000);
});
