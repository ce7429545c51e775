/** Compares URLs as RFC 9449 §4.3 says: normalised, and without query and fragment. */

// RFC 3986 §2.3: escaped or not, they mean the same.
const unreserved = /^[A-Za-z0-9\-._~]$/;
// What parsers of URLs forgive: white space, control characters, and backslashes for slashes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const forgiven = /[\x00-\x20\\\x7f]/;

/** Whether `htu` means the address of the request. What is no http URL means none. */
export function isSameUrl(htu: string, url: string): boolean {
  const normalised = normaliseUrl(htu);
  return normalised !== undefined && normalised === normaliseUrl(url);
}

/** By syntax and by scheme (RFC 3986 §6.2.2, §6.2.3). */
function normaliseUrl(text: string): string | undefined {
  if (forgiven.test(text) || !/^https?:\/\//i.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  // The parser sees to case, default ports and dot segments, and leaves escapes as they are.
  return url.origin + url.pathname.replace(/%[0-9a-f]{2}/gi, normaliseEscape);
}

function normaliseEscape(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return unreserved.test(character) ? character : escaped.toUpperCase();
}
