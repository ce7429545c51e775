import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { statusOfHealth } from '../programs/status-of-health.ts';
import { createMemoryLimit } from './memory-limit.ts';
import type { StartContestant } from './start-contestants.ts';

// In production a server refuses the names of examples.
export const issuerName = 'https://id.acme-corp.dev';
export const audience = 'https://notes.acme-corp.dev/mcp';

/** A server that answers. */
export interface StartedServer {
  readonly port: number;
  /** From its start to the first 200 of `/health`, in milliseconds. */
  readonly startMs: number;
  /** CPU time so far, in milliseconds. */
  cpuMs(): number;
  /** Bytes in use: those of its control group, or else of the process. */
  memory(): number;
  stop(): Promise<void>;
}

const containerBytes = 512 * 1_024 * 1_024;
// The kernel counts the CPU time of a process in hundredths of a second.
const tickMs = 10;
const pauseMs = 2;
const prefix = 'FASTMCP_SERVER_AUTH_';

/** Starts a server in production, in a container's memory where the machine can limit it. Linux only. */
export async function startServerProgram(
  { program, nodeOptions, compileCache, variables }: StartContestant,
  keyText: string,
): Promise<StartedServer> {
  const port = await findFreePort();
  const limit = createMemoryLimit(`sallyport-bench-${port}`, containerBytes);
  const words = [process.execPath, program];
  const [file = '', ...rest] = limit?.enter(words) ?? words;
  const begun = performance.now();
  const child = spawn(file, rest, {
    env: {
      NODE_ENV: 'production',
      ENVIRONMENT: 'production',
      K_SERVICE: 'notes',
      PORT: `${port}`,
      ...(nodeOptions !== '' && { NODE_OPTIONS: nodeOptions }),
      ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
      [`${prefix}TYPE`]: 'jwt',
      [`${prefix}RESOURCE_URL`]: audience,
      [`${prefix}TRUSTED_PROXY_HOPS`]: '1',
      ...(variables ?? {
        [`${prefix}SECRET_BACKEND`]: 'env',
        [`${prefix}JWT_ISSUER`]: issuerName,
        [`${prefix}JWT_AUDIENCE`]: audience,
        [`${prefix}JWT_ALGORITHM`]: 'RS256',
        [`${prefix}JWT_PUBLIC_KEY`]: keyText,
      }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  while ((await statusOfHealth(port)) !== 200) {
    if (child.exitCode !== null) {
      limit?.remove();
      throw new Error(`${program} ended with ${child.exitCode}`);
    }
    await setTimeout(pauseMs);
  }
  const startMs = performance.now() - begun;
  const readProcess = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    port,
    startMs,
    cpuMs() {
      const [, fields = ''] = readProcess('stat').split(') ');
      const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
      return (user + system) * tickMs;
    },
    memory: () =>
      limit?.used() ?? Number(/^VmRSS:\s+(\d+)/m.exec(readProcess('status'))?.[1]) * 1_024,
    async stop() {
      child.kill('SIGTERM');
      await exit;
      limit?.remove();
    },
  };
}

/** From the start to the end of Node.js with an empty program, in milliseconds. */
export async function startNodeAlone(): Promise<number> {
  const begun = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begun;
}
