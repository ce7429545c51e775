/** Messages whose numbers must stay what they were: a rounded number is another number. */
import { sourceOf } from '@sallyport/mcp-adapter';
import { parseExactly } from '../../json/exact-json.ts';

// Every number that JSON.parse may round has many digits or an exponent.
const mayBeRounded = /\d{16}|\d\.\d{12}|\d[eE]/;

/**
 * Parses a line of a child process. A number that would be written differently keeps the digits of the line.
 *
 * @throws {SyntaxError} When the line is not JSON.
 */
export function parseLine(line: string): unknown {
  return mayBeRounded.test(line) ? parseExactly(line) : JSON.parse(line);
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

function hasRounded(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasRounded);
}
