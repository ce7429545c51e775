/** Reads the command line of `pnpm mutation`. */
import { parseArgs } from 'node:util';
import { type Group, groups } from './groups.ts';

/** What to mutate. */
export interface Wish {
  readonly groups: readonly Group[];
  /** How many mutants of each group run. Absent for all. */
  readonly sample?: Sample;
  /** How many processes run tests. */
  readonly concurrency: number;
  /** Whether the pass in one process is the only one. */
  readonly quick: boolean;
  /** Whether earlier results are forgotten. */
  readonly fresh: boolean;
}

/** A random choice that anybody can repeat. */
export interface Sample {
  /** At least 1. */
  readonly size: number;
  readonly seed: string;
}

const whole = groups.filter(({ minimumScore }) => minimumScore !== undefined);

export const usage = `Changes the sources in small ways ("mutants"), and shows which changes no test notices.

  pnpm mutation                                ${whole.map(({ name }) => name).join(', ')}: every mutant
  pnpm mutation gate                           one group
  pnpm mutation gate --files 'src/gate/*.ts'   some of its files
  pnpm mutation keys config --sample 40 --seed 7

Groups
${groups.map(({ name, folder, files }) => `  ${name.padEnd(14)}${folder}/${files.join(', ')}`).join('\n')}

Options
  --files <glob>      Mutates these files instead, from the folder of the package. Repeatable.
  --tests <glob>      Runs these tests only, from the folder of the package. Repeatable.
  --sample <number>   Runs a random choice of this many mutants of each group.
  --seed <text>       Decides the choice. Required with --sample.
  --concurrency <n>   Processes that run tests. Default 1.
  --quick             Runs in one process only: leaves out code that runs while a module loads, and
                      counts a mutant as survived if the process could not decide. The score is a lower bound.
  --fresh             Forgets earlier results.
  --help              Prints this text.

The command works on a copy of the repository and never changes your files. An interrupted run (Ctrl+C)
continues where it stopped. It exits with 1 if a group is below its minimum, and with 2 for a wrong argument.
`;

/** @param words The arguments after the name of the command. */
export function readArguments(
  words: readonly string[],
): Wish | { readonly help: true } | { readonly problem: string } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { help: true };
  const unknown = positionals.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined) return { problem: `${unknown} is no group. --help lists the groups.` };
  const named = groups.filter(({ name }) => positionals.includes(name));
  const { files, tests, seed } = values;
  if ((files !== undefined || tests !== undefined) && named.length !== 1) {
    return { problem: '--files and --tests need exactly one group.' };
  }
  const concurrency = toCount(values.concurrency ?? '1');
  if (concurrency === undefined) return { problem: '--concurrency must be 1 or more.' };
  const size = values.sample === undefined ? undefined : toCount(values.sample);
  if (values.sample !== undefined && size === undefined) {
    return { problem: '--sample must be 1 or more.' };
  }
  if ((size === undefined) !== (seed === undefined)) {
    return { problem: 'Give --sample and --seed together, so that the choice can be repeated.' };
  }
  return {
    groups: (named.length === 0 ? whole : named).map((group) => ({
      ...group,
      files: files ?? group.files,
      tests: tests ?? group.tests,
    })),
    ...(size !== undefined && seed !== undefined && { sample: { size, seed } }),
    concurrency,
    quick: values.quick === true,
    fresh: values.fresh === true,
  };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      files: { type: 'string', multiple: true },
      tests: { type: 'string', multiple: true },
      sample: { type: 'string' },
      seed: { type: 'string' },
      concurrency: { type: 'string' },
      quick: { type: 'boolean' },
      fresh: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function toCount(text: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
