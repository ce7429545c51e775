/** Parameters of a query or a form (RFC 6749 §3.1). */

/** Parameters that were read once. */
export interface Parameters {
  /** The value. `undefined` where it is missing or empty: an empty value counts as missing. */
  get(name: string): string | undefined;
  /** Whether a parameter with one of these names is there, with or without a value. */
  has(...names: readonly string[]): boolean;
  /** The first name that occurs more than once. No parameter of OAuth may. */
  readonly repeated: string | undefined;
  /** Whether the name occurs more than once. */
  isRepeated(name: string): boolean;
}

const longest = 32_768;
const mostParameters = 50;
// Two programs could read such a text in two ways.
const strange = /[\p{Cc}\p{Cs}]/u;

/** Returns `undefined` for a text that is too long, or has control characters. */
export function readParameters(text: string): Parameters | undefined {
  if (text.length > longest) return undefined;
  const entries = [...new URLSearchParams(text)];
  if (entries.length > mostParameters || entries.some((entry) => strange.test(entry.join('')))) {
    return undefined;
  }
  const names = entries.map(([name]) => name);
  const values = new Map(entries);
  return {
    get: (name) => values.get(name) || undefined,
    has: (...wanted) => wanted.some((name) => values.has(name)),
    repeated: names.find((name, index) => names.indexOf(name) !== index),
    isRepeated: (name) => names.indexOf(name) !== names.lastIndexOf(name),
  };
}
