/** `sallyport dev` and `sallyport run` as programs, as their users start them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startGatedServer } from '../test/gated-server.ts';

/** A gate that runs. */
export interface StartedProgram {
  readonly url: URL;
  /** A token of its authorization server. */
  readonly token: string;
  readonly said: () => string;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** @param words What follows `dev` or `run`. @param given Variables of the program. */
export type Start = (
  words: readonly string[],
  given?: Readonly<Record<string, string>>,
) => Promise<StartedProgram>;

/** With the local authorization server, and the token that it prints. */
export const startDev: Start = async (words, given = {}) => {
  const program = startProgram(['dev', '--port', '0', ...words], given);
  const [, token = ''] = await program.until(/^TOKEN=(\S+)$/m);
  const [, url = ''] = await program.until(/(http:\/\/localhost:\d+\/mcp)/);
  return { url: new URL(url), token, said: program.said, stop: program.stop };
};

/** With an authorization server that its variables name. */
export const startRun: Start = async (words, given = {}) => {
  const provider = await startGatedServer();
  const program = startProgram(['run', '--port', '0', ...words], {
    ...provider.variables,
    ...given,
  });
  const [, port = ''] = await program.until(/"port":(\d+)/);
  return {
    url: new URL(`http://localhost:${port}/mcp`),
    token: await provider.authorizationServer.issueToken({ scopes: ['read:data'] }),
    said: program.said,
    async stop() {
      await program.stop();
      await provider.close();
    },
  };
};

function startProgram(words: readonly string[], given: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--conditions=development', main, ...words], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  return {
    said: () => text,
    async until(wanted: RegExp): Promise<RegExpExecArray> {
      while (!wanted.test(text) && child.exitCode === null) await sleep(50);
      const found = wanted.exec(text);
      if (found === null) throw new Error(`sallyport ended: ${text}`);
      return found;
    },
    /** It must end by itself, in order. */
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      const [code] = await exited;
      expect(code).toBe(0);
    },
  };
}
