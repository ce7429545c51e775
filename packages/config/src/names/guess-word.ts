import { closest, distance } from 'fastest-levenshtein';

// As many edits as a slip of the hand makes.
const slip = 2;

/**
 * Finds the word that a misspelt one probably stands for. The start fails in any case: with a guess,
 * the checks behind this variable can go on, and all problems appear at once.
 */
export function guessWord<Word extends string>(
  text: string,
  words: readonly Word[],
): Word | undefined {
  const plain = text.replace(/^["'\s]+|["'\s]+$/g, '').toLowerCase();
  const best = closest(
    plain,
    words.map((word) => word.toLowerCase()),
  );
  const edits = distance(plain, best);
  if (edits > slip || edits >= best.length / 2) return undefined;
  return words.find((word) => word.toLowerCase() === best);
}
