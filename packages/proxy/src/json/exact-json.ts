/** JSON whose numbers stay as they were written: `1.0`, `-0`, `1e400`, and integers of any length. */

// Node.js 22 and later have both (ECMAScript, "JSON.parse source text access"). TypeScript knows neither yet.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
type Reviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Parses JSON text. A number that `JSON.stringify` would write differently becomes an object that it writes with
 * the digits of the text.
 *
 * @throws {SyntaxError} When the text is no JSON.
 */
export function parseExactly(text: string): unknown {
  return parse(text, (_name, value, { source }) => {
    if (typeof value !== 'number' || source === undefined) return value;
    return String(value) === source ? value : rawJSON(source);
  });
}
