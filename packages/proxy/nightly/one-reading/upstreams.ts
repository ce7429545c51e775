/** Both kinds of upstream, with servers whose marks a test counts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OperationalEvent } from '@sallyport/core';
import { createCommandUpstream, createHttpUpstream, type Upstream } from '../../src/index.ts';

/** What the tools of a server have done, each time with the message that made them do it. */
export interface Marks {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** An upstream, and what its server has marked. */
export interface MarkedUpstream extends Upstream {
  /** Where an HTTP server listens: for a test that goes around the gate. */
  readonly url: string;
  readonly events: readonly OperationalEvent[];
  marks(): Marks;
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** How each server is started, without its transport and its file. */
const servers: Readonly<Record<string, readonly string[]>> = {
  'every reading': ['python3', '-u', path('every_reading.py')],
  'SDK v1': [process.execPath, path('marking-server.ts'), 'v1'],
  'SDK v2': [process.execPath, path('marking-server.ts'), 'v2'],
};
export type ServerName = 'every reading' | 'SDK v1' | 'SDK v2';
export const serverNames: readonly ServerName[] = ['every reading', 'SDK v1', 'SDK v2'];
export const kinds = ['http', 'command'] as const;
export type Kind = (typeof kinds)[number];

export async function startMarked(kind: Kind, name: ServerName): Promise<MarkedUpstream> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  const file = join(folder, 'marks');
  writeFileSync(file, '');
  const [command = '', ...args] = servers[name] ?? [];
  const started = await (kind === 'http' ? startHttp : startCommand)(command, args, file);
  const marks = (): Marks => {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const all = lines.map((line) => JSON.parse(line) as [what: string, message: string]);
    const of = (wanted: string) =>
      all.flatMap(([what, message]) => (what === wanted ? message : []));
    return { reads: of('read'), writes: [...of('write'), ...of('override')] };
  };
  return {
    ...started,
    marks,
    async close() {
      await started.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Started = Upstream & Pick<MarkedUpstream, 'url' | 'events'>;

async function startHttp(command: string, args: readonly string[], file: string): Promise<Started> {
  const child = spawn(command, [...args, 'http', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [port] = await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error(`${command} did not start`))),
  ]);
  const url = `http://127.0.0.1:${String(port).trim()}/mcp`;
  const events: OperationalEvent[] = [];
  const upstream = createHttpUpstream({ url, onEvent: (event) => events.push(event) });
  return {
    ...upstream,
    url,
    events,
    async close() {
      await upstream.close();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function startCommand(
  command: string,
  args: readonly string[],
  file: string,
): Promise<Started> {
  const events: OperationalEvent[] = [];
  const upstream = createCommandUpstream({
    command,
    args: [...args, 'stdio', file],
    environment: process.env,
    maximumProcesses: 16,
    maximumProcessesPerCaller: 8,
    drainSeconds: 0,
    onEvent: (event) => events.push(event),
  });
  return { ...upstream, url: '', events };
}
