/**
 * Stryker's runner for Vitest, with a pass before it that tries all mutants in one process. Stryker alone starts
 * Vitest anew for each mutant, which takes seconds. It still does so for what the pass cannot decide: mutants of
 * code that runs while a module loads, and those of tests that cannot be repeated.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Injector } from '@stryker-mutator/api/plugin';
import {
  commonTokens,
  declareFactoryPlugin,
  type PluginContext,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import { strykerPlugins as vitestPlugins } from '@stryker-mutator/vitest-runner';
import type { Vitest } from 'vitest/node';
import { noOutcomes, type Outcomes, survived } from './outcomes.ts';

/** What this file uses of Stryker's class. */
interface StrykerVitestRunner extends TestRunner {
  readonly ctx: Vitest;
}

// Fast tests kill most mutants, so slow tests meet only the rest.
const passesMs = [150, 1_000];
const vitestRunner = fileURLToPath(new URL('mutating-runner.ts', import.meta.url));

function createInProcessRunner(injector: Injector<PluginContext>): TestRunner {
  const [plugin] = vitestPlugins;
  if (plugin === undefined) throw new Error('@stryker-mutator/vitest-runner has no test runner');
  const stryker = plugin.factory(injector) as unknown as StrykerVitestRunner;
  const { outcomes: file, quick } = injector.resolve(commonTokens.options) as unknown as {
    readonly outcomes: string;
    readonly quick: boolean;
  };
  let outcomes: Outcomes | undefined;
  return {
    capabilities: () => stryker.capabilities(),
    init: async () => stryker.init?.(),
    dispose: async () => stryker.dispose?.(),

    async dryRun(options) {
      const result = await stryker.dryRun(options);
      if (result.status !== DryRunStatus.Complete) return result;
      outcomes = await tryInProcess(stryker.ctx, options.testFiles);
      writeFileSync(file, JSON.stringify(outcomes));
      return result;
    },

    async mutantRun(options) {
      // Stryker starts a new process after an endless mutant.
      outcomes ??= existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : noOutcomes();
      const result = decided(outcomes ?? noOutcomes(), options);
      if (result === undefined && quick) return { status: MutantRunStatus.Survived, nrOfTests: 0 };
      return result ?? stryker.mutantRun(options);
    },
  };
}
createInProcessRunner.inject = tokens(commonTokens.injector);

/** Stryker looks for this name. */
export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', createInProcessRunner),
];

async function tryInProcess(ctx: Vitest, testFiles?: readonly string[]): Promise<Outcomes> {
  const outcomes = noOutcomes();
  const configs = [ctx.config, ...ctx.projects.map((project) => project.config)];
  const bails = configs.map(({ bail }) => bail);
  for (const config of configs) Object.assign(config, { bail: 0, runner: vitestRunner });
  ctx.provide('mode' as never, 'in-process' as never);
  for (const longestTestMs of passesMs) {
    ctx.provide('longestTestMs' as never, longestTestMs as never);
    // Without the files of the run before. Errors outside of tests are those of mutants.
    ctx.state.filesMap.clear();
    await ctx.start(testFiles && [...testFiles]);
    for (const { meta } of ctx.state.getFiles()) {
      const found = (meta as { outcomes?: Outcomes }).outcomes ?? noOutcomes();
      Object.assign(outcomes.killed, found.killed);
      Object.assign(outcomes.endless, found.endless);
      for (const [mutant, count] of Object.entries(found.passed)) {
        outcomes.passed[mutant] = Math.max(outcomes.passed[mutant] ?? 0, count);
      }
    }
  }
  configs.forEach((config, index) => {
    Object.assign(config, { bail: bails[index], runner: undefined });
  });
  ctx.state.clearErrors();
  return outcomes;
}

function decided(
  outcomes: Outcomes,
  { activeMutant: { id }, testFilter }: MutantRunOptions,
): MutantRunResult | undefined {
  const killer = outcomes.killed[id];
  const nrOfTests = outcomes.passed[id] ?? 0;
  if (killer !== undefined) {
    const failureMessage = 'the test failed in the pass in one process';
    const killedBy = [killer];
    return { status: MutantRunStatus.Killed, killedBy, failureMessage, nrOfTests: nrOfTests + 1 };
  }
  const endless = outcomes.endless[id];
  if (endless !== undefined) return { status: MutantRunStatus.Timeout, reason: endless };
  return survived(outcomes, id, testFilter)
    ? { status: MutantRunStatus.Survived, nrOfTests }
    : undefined;
}
