/** Runs commands: in this process, or as a program of their own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCommandLine, type Surroundings } from '../src/index.ts';

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** What a command is given. */
export interface Given extends Partial<Pick<Surroundings, 'variables' | 'folder' | 'home'>> {
  readonly input?: string;
  readonly isTerminal?: boolean;
}

/** Runs a command in this process, with real files and real servers. */
export async function command(words: readonly string[], given: Given = {}): Promise<Ended> {
  const said = { output: '', errors: '' };
  const { input = '', variables = {}, folder = '/', home = '/nowhere', isTerminal = false } = given;
  const stream = (name: 'output' | 'errors') => ({
    isTTY: isTerminal,
    columns: 80,
    write(text: string) {
      said[name] += text;
    },
  });
  const code = await runCommandLine({
    words,
    variables,
    folder,
    home,
    input: (async function* () {
      yield input;
    })(),
    output: stream('output'),
    errors: stream('errors'),
    now: Date.now,
    monotonicNow: () => performance.now(),
    signal: new AbortController().signal,
  });
  // A server that fails to start also sets it. The next command would then end with it.
  process.exitCode = undefined;
  return { code, ...said };
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs the program itself. */
export async function program(words: readonly string[], given: Given = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=development', main, ...words], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...given.variables,
    },
    ...(given.folder !== undefined && { cwd: given.folder }),
  });
  child.stdin.end(given.input ?? '');
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors += text;
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  child.on('close', (code) => resolve(code ?? -1));
  return { code: await promise, ...said };
}

/** Settings as variables, from names without their prefix. */
export function settings(
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ENVIRONMENT: 'development',
    ...Object.fromEntries(names.map(([name, value]) => [`FASTMCP_SERVER_AUTH_${name}`, value])),
  };
}
