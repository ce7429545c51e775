/** The message that goes upstream: what the gate judged, written anew. */
import { sourceOf } from '@sallyport/mcp-adapter';
import { parseExactly } from './exact-json.ts';

/**
 * Writes a body that the gate parsed. Two parsers cannot read the result differently: it has no duplicate
 * member, no invalid UTF-8 and no white space, and its numbers have the digits of the client.
 *
 * @returns `undefined` when a number has already lost digits, in a body parser that stands before the gate.
 */
export function writeJudgedMessage(body: unknown): string | undefined {
  const source = sourceOf(body);
  if (source !== undefined) return JSON.stringify(parseExactly(source));
  const text = JSON.stringify(body);
  return mayBeRounded.test(text) && hasRounded(body) ? undefined : text;
}

/**
 * Gives a body that the gate parsed the digits that its numbers had.
 *
 * @returns `undefined` when a body parser in front of the gate may have rounded one: an integer beyond 2^53, or one
 *   that was too long.
 */
export function readExactly(body: unknown): { readonly value: unknown } | undefined {
  const source = sourceOf(body);
  if (source !== undefined) return { value: parseExactly(source) };
  return hasRounded(body) ? undefined : { value: body };
}

// What integers beyond 2^53 and Infinity look like when they are written anew.
const mayBeRounded = /(?<!\d)\d{16}|\de|null/;

/** An integer beyond 2^53 may be another one than the client wrote. Infinity is a number that was too long. */
function hasRounded(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasRounded);
}
