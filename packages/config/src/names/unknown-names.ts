import { distance } from 'fastest-levenshtein';
import type { Problems } from '../report/problems.ts';
import { variables } from '../variables/all-variables.ts';
import { prefix } from '../variables/variable.ts';
import { explainOriginalName } from './take-original-names.ts';

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
    const plain = toPlainName(name);
    const nearest = findOtherForm(plain, name, known) ?? findNearest(plain);
    if (nearest === undefined && !plain.startsWith(prefix)) continue;
    const cure =
      nearest === undefined
        ? 'Remove it, or look the right name up in the README of @sallyport/config'
        : `Did you mean ${nearest}?`;
    problems.add(name, `is no variable of this server. ${cure}`);
  }
}

/** A name without what files and shells put around it: `export `, quotation marks, dots, double underscores. */
function toPlainName(name: string): string {
  const [, bare = ''] = /^\s*(?:export\s+)?(.*)$/is.exec(name) ?? [];
  return bare
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();
}

const otherPrefix = /^(?:(?:FAST_?)?MCP_(?:SERVER_)?AUTH|FAST_?MCP_SERVER)_/;

/** A known name in another form, or behind another prefix. */
function findOtherForm(
  plain: string,
  name: string,
  known: ReadonlySet<string>,
): string | undefined {
  const own = plain.replace(otherPrefix, prefix);
  if (known.has(own)) return own;
  return `${plain}_` === prefix && name !== plain ? `${prefix}TYPE` : undefined;
}

/**
 * The name that was probably meant. A name that ends like that of a secret never leads to a variable
 * whose value is printed: an operator who follows the hint would print the secret.
 */
function findNearest(name: string): string | undefined {
  const isOurs = name.startsWith(prefix);
  const isSecretName = secretWords.test(isOurs ? name.slice(prefix.length) : name);
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const variable of variables) {
    if (!variable.name.startsWith(prefix) || (isSecretName && !variable.isSecret)) continue;
    // A process has many variables of other programs: most differ too much in length.
    if (!isOurs && Math.abs(name.length - variable.name.length) > slip) continue;
    const edits = distance(name, variable.name);
    if (edits >= fewest) continue;
    if (edits > slip && !(isOurs && isAlike(name, variable.name))) continue;
    [nearest, fewest] = [variable.name, edits];
  }
  return nearest;
}

/** By a few edits of what is behind the prefix, or because one has all the words of the other. */
function isAlike(name: string, known: string): boolean {
  const [suffix, knownSuffix] = [name.slice(prefix.length), known.slice(prefix.length)];
  if (distance(suffix, knownSuffix) <= Math.max(slip, knownSuffix.length / 4)) return true;
  const [words, knownWords] = [suffix.split('_'), knownSuffix.split('_')];
  return (
    words.every((word) => knownWords.includes(word)) ||
    knownWords.every((word) => words.includes(word))
  );
}
