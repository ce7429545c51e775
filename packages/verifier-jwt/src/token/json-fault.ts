/**
 * What `JSON.parse` does not tell: whether a member was there twice, and how deep the text nests.
 * One pass over the text and one over the value, no regular expression.
 */

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;

/** What is wrong with the JSON of a token segment; `undefined` when nothing is. */
export type JsonFault = 'duplicate member' | 'nested too deeply' | 'member __proto__';

/**
 * Finds what makes two readers read a JSON text differently.
 *
 * @param text UTF-8. No byte of a longer character looks like one of JSON's own.
 * @param value What `JSON.parse` made of `text`. It keeps one of two members of the same name, so
 *   that it has fewer members than the text has colons; escapes, which spell the same name in other
 *   letters, count as the name they spell.
 * @param maximumDepth Objects and arrays within each other, the outermost included.
 */
export function findJsonFault(
  text: Uint8Array,
  value: object,
  maximumDepth: number,
): JsonFault | undefined {
  const members = countMembers(text, maximumDepth);
  if (members === undefined) return 'nested too deeply';
  const kept = countKept(value);
  if (kept === undefined) return 'member __proto__';
  return kept === members ? undefined : 'duplicate member';
}

/** Colons outside of strings; `undefined` when the text nests too deeply. */
function countMembers(text: Uint8Array, maximumDepth: number): number | undefined {
  let members = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case quote:
        index = endOfString(text, index + 1);
        break;
      case colon:
        members += 1;
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        if (depth > maximumDepth) return undefined;
        break;
      case closeBrace:
      case closeBracket:
        depth -= 1;
        break;
    }
  }
  return members;
}

/** Where the closing quote is. The text parses, so there is one. */
function endOfString(text: Uint8Array, start: number): number {
  let index = start;
  while (index < text.length && text[index] !== quote) index += text[index] === backslash ? 2 : 1;
  return index;
}

/** Members of all objects in a value; `undefined` when one has the name that no member may have. */
function countKept(value: object): number | undefined {
  const names = Object.keys(value);
  let members = Array.isArray(value) ? 0 : names.length;
  for (const name of names) {
    if (name === '__proto__') return undefined;
    const member: unknown = (value as Record<string, unknown>)[name];
    if (typeof member !== 'object' || member === null) continue;
    const within = countKept(member);
    if (within === undefined) return undefined;
    members += within;
  }
  return members;
}
