/**
 * A runner of Vitest that repeats each test with every mutant that the test reaches. Modules are loaded once, so a
 * mutant costs milliseconds. The instrumented sources read the mutant to activate from a global of Stryker.
 */
import { inject, type RunnerTestCase, TestRunner } from 'vitest';
import { noOutcomes, type Outcomes } from './outcomes.ts';

/** The global that Stryker's instrumented code and set-up file use. */
interface StrykerGlobal {
  activeMutant?: string | undefined;
  currentTestId?: string;
  hitCount?: number | undefined;
  hitLimit?: number;
  readonly mutantCoverage?: {
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** Lives as long as the worker, over all of its test files. */
interface Pass {
  readonly outcomes: Outcomes;
  readonly finished: Set<string>;
}

// Tests that fail for few of their mutants leave the others to other tests.
const longestTryMs = 5_000;
// A test that waits for its own mutant has no end.
const slowestFactor = 20;
const shortestLimitMs = 2_000;
const globals = globalThis as { __stryker__?: StrykerGlobal; sallyportMutation?: Pass };

// biome-ignore lint/style/noDefaultExport: Vitest loads a runner by its default export.
export default class MutatingRunner extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const run = async () => void (await TestRunner.getTestFn(test)());
    await run();
    const longestMs = inject('longestTestMs' as never) as number | undefined;
    if (longestMs === undefined) return;
    globals.sallyportMutation ??= { outcomes: noOutcomes(), finished: new Set() };
    const pass = globals.sallyportMutation;
    const stryker = globals.__stryker__ ?? {};
    const name = stryker.currentTestId ?? '';
    const hits = stryker.mutantCoverage?.perTest[name] ?? {};
    const started = performance.now();
    const isRepeatable = await succeeds(run);
    const cleanMs = performance.now() - started;
    if (isRepeatable && cleanMs <= longestMs && !pass.finished.has(name)) {
      pass.finished.add(name);
      await tryMutants({ run, name, hits, cleanMs }, stryker, pass.outcomes);
    }
    (test.file.meta as { outcomes?: Outcomes }).outcomes = pass.outcomes;
  }
}

interface RepeatableTest {
  readonly run: () => Promise<void>;
  readonly name: string;
  /** How often the test reaches each mutant. */
  readonly hits: Readonly<Record<string, number>>;
  readonly cleanMs: number;
}

async function tryMutants(
  { run, name, hits, cleanMs }: RepeatableTest,
  stryker: StrykerGlobal,
  { killed, endless, passed }: Outcomes,
): Promise<void> {
  const limitMs = shortestLimitMs + slowestFactor * cleanMs;
  const started = performance.now();
  for (const [mutant, count] of Object.entries(hits)) {
    if (performance.now() - started > longestTryMs) return;
    if (mutant in killed || mutant in endless) continue;
    Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit: 1_000 + 20 * count });
    const result = await within(limitMs, succeeds(run));
    Object.assign(stryker, { activeMutant: undefined, hitCount: undefined });
    if (result === true) {
      passed[mutant] = (passed[mutant] ?? 0) + 1;
      continue;
    }
    if (result === 'endless') endless[mutant] = name;
    else killed[mutant] = name;
    // A mutant may leave something behind that breaks the test. The later mutants are not to blame.
    if (!(await succeeds(run))) return;
  }
}

async function succeeds(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}

async function within(limitMs: number, result: Promise<boolean>): Promise<boolean | 'endless'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<'endless'>((resolve) => {
    timer = setTimeout(() => resolve('endless'), limitMs);
  });
  try {
    return await Promise.race([result, limit]);
  } finally {
    clearTimeout(timer);
  }
}
