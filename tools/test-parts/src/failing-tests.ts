/** Runs tests that must fail in another Vitest, and returns its report. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What Vitest's reporter `json` writes. */
export interface Report {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * @param root The folder of the package.
 * @param config The configuration of the tests, relative to `root`.
 * @param variables The environment of the tests.
 */
export async function runFailingTests(
  root: string,
  config: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Report> {
  const require = createRequire(join(root, 'package.json'));
  const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  const folder = await mkdtemp(join(tmpdir(), 'failing-tests-'));
  const outputFile = join(folder, 'report.json');
  const options = [`--config=${config}`, '--reporter=json', `--outputFile=${outputFile}`];
  // It would measure the code that Vite makes of a file, which cannot be counted together with the file.
  const env = { ...variables, NODE_V8_COVERAGE: '' };
  try {
    // The tests fail, so the exit code says nothing. A run that did not start leaves no report.
    await promisify(execFile)(process.execPath, [vitest, 'run', ...options], {
      cwd: root,
      env,
    }).catch(() => undefined);
    return JSON.parse(await readFile(outputFile, 'utf8'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
