// Characters that no shell of Linux, macOS or Windows treats in a special way.
const plain = /^[A-Za-z0-9_@:,./~=-]+$/;

/** Writes a text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
