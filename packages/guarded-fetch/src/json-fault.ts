/** Finds what `JSON.parse` hides in an answer that two readers could read in two ways (CASE-70). */

const jsonString = /"(?:[^"\\]|\\.)*"/g;
const maximumDepth = 32;

/** What is wrong with a text that `JSON.parse` accepts. */
export type JsonFault = 'nested too deeply' | 'a member twice';

/**
 * Finds members that appear twice, and more than 32 objects and arrays within each other.
 *
 * @param text What was parsed.
 * @param value What `JSON.parse` made of it: of two members with one name it keeps the last one.
 * @returns `undefined` when nothing is wrong.
 */
export function findJsonFault(text: string, value: unknown): JsonFault | undefined {
  const structure = text.replace(jsonString, '');
  if (depthOf(structure) > maximumDepth) return 'nested too deeply';
  // The text has one colon for each member.
  return countMembers(value) === structure.split(':').length - 1 ? undefined : 'a member twice';
}

function depthOf(structure: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of structure) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + countMembers(member), own);
}
