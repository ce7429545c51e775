/** The plugins for Stryker: a sample of mutants, and the runner that tries them in one process. */
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant, StrykerOptions } from '@stryker-mutator/api/core';
import {
  commonTokens,
  declareClassPlugin,
  declareFactoryPlugin,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import type { Sample } from './arguments.ts';
import { createInProcessRunner } from './in-process/test-runner.ts';
import { choose } from './sample.ts';

class SampleChecker implements Checker {
  static readonly inject = tokens(commonTokens.options);
  readonly #sample: Sample;
  #chosen: ReadonlySet<string> = new Set();

  constructor(options: StrykerOptions) {
    this.#sample = options['sample'] as Sample;
  }

  async init(): Promise<void> {}

  /** The one place that sees all mutants at once. */
  async group(mutants: Mutant[]): Promise<string[][]> {
    this.#chosen = new Set(choose(mutants.map(asReported), this.#sample).map(({ id }) => id));
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Object.fromEntries(
      mutants.map(({ id }): [string, CheckResult] => [
        id,
        this.#chosen.has(id)
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: 'not in the sample' },
      ]),
    );
  }
}

/** Lines and columns begin with 0 here, and with 1 in the report. */
function asReported(mutant: Mutant): Mutant {
  const { start, end } = mutant.location;
  const move = ({ line, column }: typeof start) => ({ line: line + 1, column: column + 1 });
  return { ...mutant, location: { start: move(start), end: move(end) } };
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'sample', SampleChecker),
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', createInProcessRunner),
];
