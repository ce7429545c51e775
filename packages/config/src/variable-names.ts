import { distance } from 'fastest-levenshtein';
import type { Problems } from './problems.ts';
import { explainOriginalName } from './take-original-names.ts';
import { prefix, type Variable } from './variable.ts';
import { variables } from './variables.ts';

// As many edits as a slip of the hand makes. No two known names are so near to each other.
const slip = 2;
const secretWords = /(^|_)(CREDENTIALS?|KEYS?|PASS(PHRASE|WORD|WD)|PW|SECRETS?|TOKENS?)$/;

/**
 * A misspelt name must not leave a default in force without a word: neither behind the prefix, nor in
 * it. Names without the prefix are only judged by how near they are to one with it.
 */
export function refuseUnknownNames(
  names: Iterable<string>,
  answered: Set<string>,
  problems: Problems,
): void {
  const known = new Set(variables.map(({ name }) => name));
  for (const name of names) {
    if (known.has(name)) continue;
    const explanation = explainOriginalName(name, answered);
    if (explanation !== undefined) {
      problems.add(name, explanation);
      continue;
    }
    const upper = name.toUpperCase();
    const nearest = findNearest(upper);
    const isMeant =
      upper.startsWith(prefix) || (nearest !== undefined && distance(upper, nearest) <= slip);
    if (!isMeant) continue;
    const cure =
      nearest === undefined
        ? 'Remove it, or look the right name up in the README of @sallyport/config'
        : `Did you mean ${nearest}?`;
    problems.add(name, `is no variable of this server. ${cure}`);
  }
}

/**
 * The name that was probably meant. A name that ends like that of a secret never leads to a variable
 * whose value is printed: whoever followed the hint would print the secret.
 */
function findNearest(name: string): string | undefined {
  const suffix = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const near = variables
    .filter((variable) => variable.name.startsWith(prefix))
    .filter(({ isSecret }) => isSecret || !secretWords.test(suffix))
    .filter((variable) => isNear(suffix, name, variable))
    .sort((left, right) => distance(name, left.name) - distance(name, right.name));
  return near[0]?.name;
}

/** By a few edits, or because one has all the words of the other. */
function isNear(suffix: string, whole: string, { name }: Variable): boolean {
  const known = name.slice(prefix.length);
  if (distance(whole, name) <= slip) return true;
  if (distance(suffix, known) <= Math.max(slip, known.length / 4)) return true;
  const [words, knownWords] = [suffix.split('_'), known.split('_')];
  return (
    words.every((word) => knownWords.includes(word)) ||
    knownWords.every((word) => words.includes(word))
  );
}
