/**
 * Stryker's option `mutate` takes ranges, and a range of one mutant holds those of its parts. This plugin leaves
 * them out: they would run, and not count.
 */
import type { Ignorer } from '@stryker-mutator/api/ignore';
import {
  commonTokens,
  declareFactoryPlugin,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import type { Identity } from './sample.ts';

type Location = Identity['location'];
type Position = Location['start'];

/** The part of a path of Babel that this file reads. Lines begin with 1, columns with 0. */
interface BabelPath {
  readonly node: { readonly loc?: Location | null };
}

/** Ignores each node that neither is in the sample nor has such a node in it. */
export function createSampleIgnorer(sample: readonly Location[]): Ignorer {
  return {
    shouldIgnore(path) {
      const { loc } = (path as BabelPath).node;
      if (loc === undefined || loc === null) return undefined;
      const node = { start: fromBabel(loc.start), end: fromBabel(loc.end) };
      return sample.some((chosen) => contains(node, chosen)) ? undefined : 'outside of the sample';
    },
  };
}

function fromBabel({ line, column }: Position): Position {
  return { line, column: column + 1 };
}

function contains(outer: Location, inner: Location): boolean {
  return isUpTo(outer.start, inner.start) && isUpTo(inner.end, outer.end);
}

function isUpTo(one: Position, other: Position): boolean {
  return one.line === other.line ? one.column <= other.column : one.line < other.line;
}

const fromOptions = (options: object) =>
  createSampleIgnorer((options as { readonly sample: readonly Location[] }).sample);
fromOptions.inject = tokens(commonTokens.options);

/** Stryker looks for this name. */
export const strykerPlugins = [declareFactoryPlugin(PluginKind.Ignore, 'sample', fromOptions)];
