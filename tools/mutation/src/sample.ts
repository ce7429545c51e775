/** Chooses mutants at random, and the same ones for the same seed. */
import { createHash } from 'node:crypto';
import type { Sample } from './arguments.ts';

/** What makes two mutants the same one. */
export interface Identity {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/**
 * Chooses at most `size` mutants. Each mutant gets a number from the seed, and those with the smallest numbers
 * are chosen. A choice from a part of the mutants therefore contains all of the part that the whole choice has.
 */
export function choose<Mutant extends Identity>(
  mutants: readonly Mutant[],
  { size, seed }: Sample,
): readonly Mutant[] {
  return mutants
    .map((mutant) => ({ mutant, rank: rankOf(mutant, seed) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant);
}

function rankOf({ fileName, mutatorName, replacement, location }: Identity, seed: string): string {
  const { start, end } = location;
  const file = fileName.slice(fileName.lastIndexOf('/src/') + 1);
  const place = [start.line, start.column, end.line, end.column];
  return createHash('sha256')
    .update(JSON.stringify([seed, file, mutatorName, replacement, place]))
    .digest('hex');
}
