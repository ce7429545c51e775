/**
 * What `JSON.parse` does not tell: whether a member is there twice, and how deep the text nests.
 * One pass, no recursion, no regular expression. It runs on text that parses as JSON.
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
 * Scans valid JSON text for what makes two readers read it differently.
 *
 * @param text JSON that `JSON.parse` accepted. On other text the answer means nothing.
 * @param maximumDepth Objects and arrays within each other, the outermost included.
 */
export function findJsonFault(text: string, maximumDepth: number): JsonFault | undefined {
  // One set of names per open object; `undefined` for an open array.
  const open: (Set<string> | undefined)[] = [];
  let stringStart = -1;
  let stringEnd = -1;

  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote: {
        stringStart = index;
        index += 1;
        for (let code = text.charCodeAt(index); code !== quote; code = text.charCodeAt(index)) {
          index += code === backslash ? 2 : 1;
          if (index >= text.length) return undefined;
        }
        stringEnd = index + 1;
        break;
      }
      case colon: {
        // Escapes name the same member in other letters, so names are compared as parsed.
        const name: string = JSON.parse(text.slice(stringStart, stringEnd));
        if (name === '__proto__') return 'member __proto__';
        const names = open.at(-1);
        if (names?.has(name)) return 'duplicate member';
        names?.add(name);
        break;
      }
      case openBrace:
        open.push(new Set());
        if (open.length > maximumDepth) return 'nested too deeply';
        break;
      case openBracket:
        open.push(undefined);
        if (open.length > maximumDepth) return 'nested too deeply';
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        break;
    }
  }
  return undefined;
}
