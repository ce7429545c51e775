/** Lists the mutants of a group without running them, so that a sample can be drawn. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { Group } from './groups.ts';
import type { Identity } from './sample.ts';

const silence = () => {};
const silentLogger = {
  ...{ trace: silence, debug: silence, info: silence, warn: silence, error: silence },
  ...{ fatal: silence, isTraceEnabled: () => false, isDebugEnabled: () => false },
  ...{ isInfoEnabled: () => false, isWarnEnabled: () => false, isErrorEnabled: () => false },
  isFatalEnabled: () => false,
};

/** @returns The mutants in the form of Stryker's report: lines and columns begin with 1. */
export async function listMutants(root: string, group: Group): Promise<readonly Identity[]> {
  const folder = join(root, group.folder);
  const files = globSync([...group.files], { cwd: folder }).map((name) => ({
    name,
    mutate: true,
    content: readFileSync(join(folder, name), 'utf8'),
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { mutants } = await new Instrumenter(silentLogger).instrument(files, options);
  return mutants.map(asReported);
}

/** Stryker begins lines and columns with 0 inside, and with 1 in its report. */
function asReported<Mutant extends Identity>(mutant: Mutant): Mutant {
  const { start, end } = mutant.location;
  const move = ({ line, column }: typeof start) => ({ line: line + 1, column: column + 1 });
  return { ...mutant, location: { start: move(start), end: move(end) } };
}

/** The part of a file that has one mutant, for Stryker's option `mutate`. Its columns begin with 0. */
export function rangeOf({ fileName, location: { start, end } }: Identity): string {
  return `${fileName}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}
