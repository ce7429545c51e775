/** Runs Stryker on one group of a copy of the repository. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Wish } from './arguments.ts';
import type { Group } from './groups.ts';
import { listMutants, rangeOf } from './list-mutants.ts';
import type { StrykerReport } from './mutation-report.ts';
import { choose } from './sample.ts';

/** Where a run happens. */
export interface RunPlace {
  /** The copy of the repository. */
  readonly copy: string;
  /** Keeps the results between runs. */
  readonly results: string;
  /** Called with the process, so that the caller can end it. */
  readonly onStart: (child: ChildProcess) => void;
}

const program = fileURLToPath(import.meta.resolve('@stryker-mutator/core'));
const strykerCommand = join(program, '../../../bin/stryker.js');
const runnerPlugin = import.meta.resolve('@stryker-mutator/vitest-runner');
const inProcessPlugin = 'tools/mutation/src/in-process/test-runner.ts';
const sampleIgnorer = 'tools/mutation/src/sample-ignorer.ts';

/** @returns Stryker's report. `undefined` if Stryker failed or was interrupted: it has said why. */
export async function runGroup(
  group: Group,
  { sample, concurrency, quick, fresh }: Wish,
  { copy, results, onStart }: RunPlace,
): Promise<StrykerReport | undefined> {
  mkdirSync(results, { recursive: true });
  const name = [group.name, ...(sample ? [sample.size, sample.seed.replace(/\W/g, '_')] : [])];
  const file = (kind: string) => join(results, `${name.join('-')}.${kind}.json`);
  const report = file('report');
  rmSync(report, { force: true });
  if (fresh) rmSync(file('incremental'), { force: true });
  const chosen = sample && choose(await listMutants(copy, group), sample);
  const options = {
    testRunner: 'in-process',
    outcomes: join(copy, 'outcomes.json'),
    plugins: [runnerPlugin, join(copy, inProcessPlugin), join(copy, sampleIgnorer)],
    mutate: chosen?.map(rangeOf) ?? group.files,
    ignorers: chosen ? ['sample'] : [],
    sample: chosen?.map(({ location }) => location),
    inPlace: true,
    coverageAnalysis: 'perTest',
    concurrency,
    quick,
    ignoreStatic: quick,
    // An endless loop is noticed after this time, and a busy machine must not look like one.
    timeoutMS: 20_000,
    timeoutFactor: 3,
    dryRunTimeoutMinutes: 180,
    incremental: true,
    incrementalFile: file('incremental'),
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    testFiles: group.tests,
    vitest: { configFile: 'vitest.config.ts', dir: 'test', related: false },
    tempDirName: join(copy, '.stryker-tmp'),
    allowConsoleColors: false,
    warnings: { unknownOptions: false },
  };
  const configuration = join(copy, 'stryker.json');
  writeFileSync(configuration, JSON.stringify(options));
  const cwd = join(copy, group.folder);
  const child = spawn(process.execPath, [strykerCommand, 'run', configuration], {
    cwd,
    stdio: 'inherit',
    // Its own process group: a terminal would send it Ctrl+C as well.
    detached: true,
  });
  onStart(child);
  await once(child, 'exit');
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
}
