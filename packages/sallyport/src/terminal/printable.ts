/**
 * Makes a text from outside fit for a terminal: one line in plain ASCII, so that no escape sequence and no
 * right-to-left mark reaches it.
 *
 * @param longest In characters. Default 200.
 */
export function printable(value: unknown, longest = 200): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
  const plain = text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plain.length > longest ? `${plain.slice(0, longest)}...` : plain;
}
