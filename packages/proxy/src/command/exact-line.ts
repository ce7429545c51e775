/** JSON whose numbers must stay what they were: a rounded number is another number. */

// Node.js 22 has both (ECMAScript, "JSON.parse source text access"). TypeScript does not know them.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

// Every number that JSON.parse may round has many digits or an exponent.
const mayBeRounded = /\d{16}|\d\.\d{12}|\d[eE]/;

/**
 * Parses a line of a child process. A number that would be written differently keeps the digits of the line.
 *
 * @throws {SyntaxError} When the line is not JSON.
 */
export function parseLine(line: string): unknown {
  if (!mayBeRounded.test(line)) return JSON.parse(line);
  return parseWithSource(line, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? rawJSON(source)
      : value,
  );
}

const mayHaveBeenRounded = /\d{16}|\de|null/;

/**
 * Writes a message that the gate parsed.
 *
 * @returns `undefined` when a number may have lost digits: an integer beyond 2^53, or one that was too long.
 */
export function writeExactly(message: unknown): string | undefined {
  const text = JSON.stringify(message);
  return mayHaveBeenRounded.test(text) && hasRounded(message) ? undefined : text;
}

function hasRounded(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasRounded);
}
