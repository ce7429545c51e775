import { closest, distance } from 'fastest-levenshtein';
import type { Problems } from './problems.ts';
import { prefix } from './variable.ts';
import { variables } from './variables.ts';

// As many edits as a slip of the hand makes. No two known names are so near to each other.
const slip = 2;

/**
 * A misspelt name must not leave a default in force without a word: neither behind the prefix, nor in
 * it. Names without the prefix are only judged by how near they are to one with it.
 */
export function refuseUnknownNames(names: Iterable<string>, problems: Problems): void {
  const known = variables.map(({ name }) => name);
  const prefixed = known.filter((name) => name.startsWith(prefix));
  for (const name of names) {
    if (known.includes(name)) continue;
    const upper = name.toUpperCase();
    const nearest = closest(upper, prefixed);
    const isMeant = upper.startsWith(prefix) || distance(upper, nearest) <= slip;
    if (isMeant) problems.add(name, `is no variable of this server. Did you mean ${nearest}?`);
  }
}
