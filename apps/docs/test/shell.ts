/** Runs lines of the pages in a shell. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a script wrote to standard output. It throws if the script fails. */
export async function runInShell(
  script: string,
  variables: Readonly<Record<string, string>> = {},
  folder = '/',
): Promise<string> {
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      LC_ALL: 'C.UTF-8',
      ...variables,
    },
  });
  return stdout;
}
