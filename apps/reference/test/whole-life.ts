/** One life of the program under load: from before its port opens until after it closes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { type Asked, type Outcome, startSteadyLoad } from '@sallyport/test-parts/steady-load';
import type { RecordedConnection } from './connection-record.ts';

/** What a life was like. */
export interface WholeLife {
  readonly outcomes: readonly Outcome[];
  /** All connections that the server accepted. */
  readonly connections: readonly RecordedConnection[];
  readonly signalledAt: number;
  readonly exitMs: number;
  readonly exitCode: number | null;
  readonly output: string;
}

/** How the program lives. */
export interface LifeOptions {
  readonly entry?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly perSecond?: number;
  /** Time under load between ready and SIGTERM. */
  readonly readyMs?: number;
}

const recorder = new URL('./connection-record.ts', import.meta.url).href;
const built = (name: string) => new URL(`../dist/${name}.js`, import.meta.url).pathname;

export async function liveUnderLoad(options: LifeOptions = {}): Promise<WholeLife> {
  const { entry = built('start'), variables = {}, perSecond = 200, readyMs = 200 } = options;
  const { token = 'dev-token-12345' } = options;
  const port = await findFreePort();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call: Asked = {
    port,
    agent,
    path: '/tools/call',
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: '{"name":"hello","arguments":{"name":"World"}}',
  };
  const load = startSteadyLoad(perSecond, [call, call, call, { port, agent, path: '/health' }]);
  const folder = mkdtempSync(join(tmpdir(), 'whole-life-'));
  const record = join(folder, 'connections.json');
  const program = ['--unhandled-rejections=strict', '--import', recorder, entry];
  const child = spawn(process.execPath, program, {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ENVIRONMENT: 'development',
      ...variables,
      CONNECTION_RECORD: record,
      PORT: String(port),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const isReady = load.until(({ result }) => result === 200);
  const early = await Promise.race([isReady, exit]);
  if (typeof early !== 'object' || early === null) throw new Error(`it ended: ${output}`);
  await sleep(readyMs);
  const signalledAt = performance.now();
  child.kill('SIGTERM');
  const exitCode = await exit;
  const exitMs = performance.now() - signalledAt;
  await sleep(50);
  const outcomes = await load.stop();
  agent.destroy();
  const connections = JSON.parse(readFileSync(record, 'utf8')) as RecordedConnection[];
  rmSync(folder, { recursive: true });
  return { outcomes, connections, signalledAt, exitMs, exitCode, output };
}

/** How often each result came, before and after SIGTERM. */
export function countResults({ outcomes, signalledAt }: WholeLife) {
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};
  for (const { result, sentAt } of outcomes) {
    const counts = sentAt < signalledAt ? before : after;
    counts[result] = (counts[result] ?? 0) + 1;
  }
  return { before, after };
}
