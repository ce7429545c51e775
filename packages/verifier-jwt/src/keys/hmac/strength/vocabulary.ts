import { commonWords } from './common-words.ts';

/** What people write in place of random characters, ready to be looked up. */
export interface Vocabulary {
  readonly words: ReadonlySet<string>;
  /** The first three letters of the words: they rule out most places of a random text. */
  readonly prefixes: ReadonlySet<string>;
  readonly longestWord: number;
  /** Keys that are next to each other, and digits that everybody knows, in both directions. */
  readonly runs: readonly string[];
  /** Every four characters that follow each other in a run. */
  readonly runStarts: ReadonlySet<string>;
}

const rows = [
  '1234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '1q2w3e4r5t6y7u8i9o0p',
  'zaq1xsw2cde3vfr4bgt5nhy6mju7',
  'azertyuiop',
  'qwertzuiop',
  '3141592653589793238462643383279502884197169399375105820974944592307816406286',
  '2718281828459045235360287471352662497757247093699959574966967627724076630353',
];

export function createVocabulary(): Vocabulary {
  const words = commonWords.split(' ');
  const runs = rows.flatMap((row) => [row, [...row].reverse().join('')]);
  return {
    words: new Set(words),
    prefixes: new Set(words.map((word) => word.slice(0, 3))),
    longestWord: Math.max(...words.map(({ length }) => length)),
    runs,
    runStarts: new Set(runs.flatMap((row) => substrings(row, 4))),
  };
}

function substrings(text: string, length: number): string[] {
  return Array.from({ length: text.length - length + 1 }, (_, start) =>
    text.slice(start, start + length),
  );
}
