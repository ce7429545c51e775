/**
 * Whether people wrote a text, or a generator of random characters did.
 *
 * A code is designed that is short for what people write: words, keyboard runs, alphabetical runs,
 * repeated characters, dates. A random text is shorter by n bits in a complete code with a
 * probability of at most 2⁻ⁿ, whatever the code (Kraft's inequality). So a text that the code makes
 * much shorter is not random.
 */
import { createVocabulary, type Vocabulary } from './vocabulary.ts';

// Marked, so that bundles without shared secrets leave the words out.
const vocabulary: Vocabulary = /* @__PURE__ */ createVocabulary();

// Which of the words, and which of four kinds of pattern, and how it is written.
const bitsOfWord = 13;
const bitsOfRun = 12;
const bitsOfYear = 9;
const bitsOfDate = 17;
const bitsOfCopy = 14;
// Which of the three spellings.
const bitsOfSpelling = /* @__PURE__ */ Math.log2(3);
// Digits and signs that people write in place of letters: `p4$$w0rd`.
const letterOfSign: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['@', 'a'],
  ['$', 's'],
  ['!', 'i'],
]);
// The same keys with Shift: `zaq1ZAQ!`.
const digitOfSign: ReadonlyMap<string, string> = new Map([
  ['!', '1'],
  ['@', '2'],
  ['#', '3'],
  ['$', '4'],
  ['%', '5'],
  ['^', '6'],
  ['&', '7'],
  ['*', '8'],
  ['(', '9'],
  [')', '0'],
]);
const year = /^(?:19|20)\d\d/;
const date =
  /^(?:(?:19|20)\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:19|20)\d\d)/;

// A text is refused when the code saves so many bits, and most of what the text could hold.
const leastSavedBits = 32;
const leastSavedShare = 0.4;
// Below this, a text is refused whatever the share.
const fewestBits = 112;

/** Whether the text is printable, and mostly words, runs and dates. */
export function isWritten(text: string): boolean {
  // Control characters: bytes, and no text.
  if (/[\p{Cc}\p{Co}\p{Cn}]/u.test(text.trim())) return false;
  if (isSentence(text)) return true;
  const perCharacter = bitsPerCharacter(text);
  const bits = perCharacter * text.length;
  const lower = text.toLowerCase();
  const spellings = new Set([lower, respell(lower, letterOfSign), respell(lower, digitOfSign)]);
  const costs = [...spellings].map((spelling) => countBits(spelling, perCharacter));
  const fewest = Math.min(...costs) + bitsOfSpelling;
  const saved = bits - fewest;
  return saved >= leastSavedBits && (saved >= leastSavedShare * bits || bits - saved < fewestBits);
}

/** Three parts or more between separators that are words by their letters, in any language. */
function isSentence(text: string): boolean {
  const parts = text.split(/[\s\-_.,;:!?'"“”’()/|+]+/).filter((part) => !/^\d{0,4}$/.test(part));
  return (
    parts.length >= 3 &&
    parts.every((part) => /^(?:\p{Lu}+|\p{L}?[\p{Ll}\p{Lo}\p{M}]*)\d{0,4}$/u.test(part))
  );
}

function respell(text: string, replacements: ReadonlyMap<string, string>): string {
  return Array.from(text, (sign) => replacements.get(sign) ?? sign).join('');
}

/** What a random character of the smallest usual alphabet holds that has all of the text. */
function bitsPerCharacter(text: string): number {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return /^\d+$/.test(text) ? Math.log2(10) : 4;
  let size = 0;
  if (/[a-z]/.test(text)) size += 26;
  if (/[A-Z]/.test(text)) size += 26;
  if (/\d/.test(text)) size += 10;
  const others = text.replace(/[a-z\d]/gi, '');
  if (others !== '') size += /^[-_]*$|^[+/=]*$/.test(others) ? 2 : 33;
  return Math.log2(size);
}

interface Pattern {
  readonly start: number;
  readonly length: number;
  readonly bits: number;
}

/** The fewest bits that write the text: the shortest way through its places. */
function countBits(text: string, perCharacter: number): number {
  const patterns: Pattern[] = [];
  for (let start = 0; start + 3 <= text.length; start += 1) addPatterns(patterns, text, start);
  const least = new Float64Array(text.length + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  let next = 0;
  for (let start = 0; start < text.length; start += 1) {
    const before = least[start] ?? 0;
    least[start + 1] = Math.min(least[start + 1] ?? 0, before + perCharacter);
    for (let at = patterns[next]; at?.start === start; next += 1, at = patterns[next]) {
      const end = start + at.length;
      least[end] = Math.min(least[end] ?? 0, before + at.bits);
    }
  }
  return least[text.length] ?? 0;
}

/** Adds the patterns that begin at a place. */
function addPatterns(patterns: Pattern[], text: string, start: number): void {
  if (vocabulary.prefixes.has(text.slice(start, start + 3))) {
    for (let length = 3; length <= vocabulary.longestWord; length += 1) {
      if (!vocabulary.words.has(text.slice(start, start + length))) continue;
      patterns.push({ start, length, bits: bitsOfWord });
    }
  }
  const four = text.slice(start, start + 4);
  if (four.length < 4) return;
  const run = Math.max(countNeighbours(text, start), countOnKeyboard(text, start, four));
  for (let length = 4; length <= run; length += 1) {
    patterns.push({ start, length, bits: bitsOfRun + Math.log2(length) });
  }
  const from = text.indexOf(four);
  if (from < start) {
    patterns.push({ start, length: countCopied(text, from, start), bits: bitsOfCopy });
  }
  if (!/^\d\d/.test(four)) return;
  if (year.test(four)) patterns.push({ start, length: 4, bits: bitsOfYear });
  const found = date.exec(text.slice(start, start + 10))?.[0];
  if (found !== undefined) patterns.push({ start, length: found.length, bits: bitsOfDate });
}

/** How many characters from here on follow each other by the same step: `aaa`, `abc`, `321`. */
function countNeighbours(text: string, start: number): number {
  const step = text.charCodeAt(start + 1) - text.charCodeAt(start);
  if (!(Math.abs(step) <= 1)) return 1;
  let end = start + 1;
  while (text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end += 1;
  return end - start;
}

/** How many characters from here on stand at an earlier place, too. */
function countCopied(text: string, from: number, start: number): number {
  let length = 4;
  while (start + length < text.length && text[from + length] === text[start + length]) length += 1;
  return length;
}

function countOnKeyboard(text: string, start: number, four: string): number {
  if (!vocabulary.runStarts.has(four)) return 1;
  let length = 4;
  while (
    start + length < text.length &&
    vocabulary.runs.some((row) => row.includes(text.slice(start, start + length + 1)))
  ) {
    length += 1;
  }
  return length;
}
