import { parseArgs } from 'node:util';
import type { Effort } from './rounds/rounds.ts';

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'run'; readonly options: Options };

export interface Options {
  readonly quick: boolean;
  /** Names of groups. */
  readonly only: readonly string[];
}

/** @param groups Names that `--only` may have. By default all of them are run. */
export function parseOptions(args: readonly string[], groups: readonly string[]): Request {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const unknown = values.only.find((name) => !groups.includes(name));
    if (unknown !== undefined) {
      return { kind: 'mistake', message: `--only takes ${groups.join(', ')}; not ${unknown}` };
    }
    const only = values.only.length === 0 ? groups : values.only;
    return { kind: 'run', options: { quick: values.quick, only } };
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}

export function helpText(groups: readonly string[]): string {
  return `Measures Sallyport's verifier against its peers and against node:crypto alone, and whole MCP servers.

  pnpm bench                 everything: about five minutes; writes apps/bench/results
  pnpm bench --quick         a few rounds, to see that it runs: about a minute
  pnpm bench --only <group>  one group; may be given more than once
  pnpm bench --help          this text

Groups: ${groups.join(', ')}.

The tables go to stdout, in Markdown, and progress to stderr. Figures of --quick and of --only
are printed and not written: the results are those of whole runs.`;
}

/** How long a run of this kind measures. */
export function effortOf({ quick }: Options): Effort {
  return quick
    ? { rounds: 5, sliceMs: 20, warmUpMs: 60, ringSize: 400 }
    : { rounds: 35, sliceMs: 30, warmUpMs: 200, ringSize: 2_000 };
}

/** Whether it is a whole run, whose results are written. */
export function isWhole({ quick, only }: Options, groups: readonly string[]): boolean {
  return !quick && groups.every((name) => only.includes(name));
}
