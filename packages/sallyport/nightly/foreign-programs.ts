/** Programs of others that are too large for the repository: npm installs them into a temporary folder, once. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const versions = {
  '@anthropic-ai/claude-code': '2.1.197',
  '@modelcontextprotocol/inspector': '2.12.0',
  '@openai/codex': '0.171.0',
  'playwright-core': '1.65.1',
} as const;

/** Node comes first: some of the programs look for it on the PATH. */
export const programPath = [dirname(process.execPath), process.env['PATH']].join(delimiter);

/**
 * Installs them where they are missing. No script of theirs runs, except the one that Claude Code needs.
 *
 * @returns The folder that holds `node_modules`.
 */
export async function installForeignPrograms(): Promise<string> {
  const words = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = join(tmpdir(), `sallyport-nightly-${Object.values(versions).join('-')}`);
  if (existsSync(join(folder, 'is-complete'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const options = { cwd: folder, env: { ...process.env, PATH: programPath } };
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
  await run('npm', ['install', ...flags, ...words], options);
  const claude = join(folder, 'node_modules/@anthropic-ai/claude-code/install.cjs');
  await run(process.execPath, [claude], options);
  writeFileSync(join(folder, 'is-complete'), '');
  return folder;
}
