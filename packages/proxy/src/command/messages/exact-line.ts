/** Messages whose numbers must stay what they were: a rounded number is another number. */
import { parseExactly } from '../../json/exact-json.ts';

// Every number that JSON.parse may round has many digits or an exponent.
const mayBeRounded = /(?<!\d)\d{16}|\d\.\d{12}|\d[eE]/;

/**
 * Parses a line of a child process. A number that would be written differently keeps the digits of the line.
 *
 * @throws {SyntaxError} When the line is not JSON.
 */
export function parseLine(line: string): unknown {
  return mayBeRounded.test(line) ? parseExactly(line) : JSON.parse(line);
}
