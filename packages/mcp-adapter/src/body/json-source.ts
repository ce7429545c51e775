/**
 * The text that a body was parsed from. `JSON.parse` rounds numbers: a proxy that writes the body anew
 * needs their digits.
 */

// Registry symbol, so that two installed copies of this package read each other's bodies.
const source: unique symbol = Symbol.for('@sallyport/mcp-adapter/source') as never;

// 16 digits in a row, a fraction, an exponent, or minus zero. In strings they do no harm, and most are left out:
// no number follows a quote, as in "2.0", and no minus of a number follows a digit, as in a date. Digits are counted
// from the first one only: from each of them, a row of 15 would be counted 15 times.
const mayChange = /(?<!\d)\d{16}|(?<!")\d[.eE]|(?<!\d)-0/;

/**
 * Remembers the text on the value itself. Only a proxy searches it for numbers.
 *
 * @param value What `JSON.parse` made of the text.
 */
export function rememberSource(value: unknown, text: string): void {
  if (typeof value === 'object' && value !== null) {
    Object.defineProperty(value, source, { value: text });
  }
}

/**
 * Returns the JSON text that the gate parsed a body from, if writing the body anew could change one of its
 * numbers: `1.0`, `-0`, `1e400`, or more digits than a double holds. Parse it with the source text of numbers
 * (`JSON.parse` with a reviver), and send it to nobody as it is: other parsers may read it differently.
 *
 * @returns `undefined` where all numbers stay the same. Also for a body that a body parser in front of the gate
 *   has read: its numbers are rounded already.
 */
export function sourceOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { [source]: text } = body as { readonly [source]?: string };
  return text !== undefined && mayChange.test(text) ? text : undefined;
}
