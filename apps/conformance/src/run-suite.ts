import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Revision } from './start-servers.ts';

/** One check of one scenario, and how it ended. */
export interface Verdict {
  readonly scenario: string;
  readonly check: string;
  readonly status: string;
  /** Why, where it did not pass. Not part of the comparison: it may name a port. */
  readonly reason: string;
}

const program = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/conformance/dist/index.js',
);

// A busy machine takes half a minute to start the process of a session.
const longestScenarioMs = 180_000;

/** Runs the requirement set of one revision against a server, as its users run it. */
export function runSuite(url: string, revision: Revision): Promise<readonly Verdict[]> {
  return run(['--url', url, '--requirements', revision]);
}

/** Runs one scenario of it, by the name in its verdicts. */
export function runScenario(
  url: string,
  revision: Revision,
  scenario: string,
): Promise<readonly Verdict[]> {
  const name = scenario.replace(/^server-/, '');
  return run(['--url', url, '--spec-version', revision, '--scenario', name]);
}

async function run(words: readonly string[]): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    await start([...words, '--timeout', `${longestScenarioMs}`, '--output-dir', folder]);
    const files = globSync('**/checks.json', { cwd: folder }).sort();
    return files.flatMap((file) => readChecks(folder, file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** It exits with 1 when a check has failed, which is for the comparison to judge. */
function start(words: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const options = { timeout: 500_000, maxBuffer: 50_000_000 };
    execFile(process.execPath, [program, 'server', ...words], options, () =>
      resolve(),
    ).stdin?.end();
  });
}

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

function readChecks(folder: string, file: string): Verdict[] {
  // `server-tools-list-2026-11-23T…`: the time is of no interest.
  const scenario = basename(dirname(file)).replace(/-\d{4}-\d\d-\d\dT.*$/, '');
  const checks = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Check[];
  return checks.map(({ id, status, errorMessage = '' }) => ({
    scenario,
    check: id,
    status,
    reason: errorMessage,
  }));
}
