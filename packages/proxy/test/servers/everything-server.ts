/** `@modelcontextprotocol/server-everything` over streamable HTTP, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { findFreePort } from '@sallyport/test-parts/free-port';

export interface EverythingServer {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const main = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);

/** @param port Default: a free one. */
export async function startEverythingServer(port?: number): Promise<EverythingServer> {
  const chosen = port ?? (await findFreePort());
  const child = spawn(process.execPath, [main, 'streamableHttp'], {
    env: { PORT: String(chosen) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const text of child.stderr) {
    said += text;
    if (said.includes('listening on port')) break;
  }
  if (!said.includes('listening')) throw new Error(`server-everything did not start: ${said}`);
  return {
    url: `http://127.0.0.1:${chosen}/mcp`,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
