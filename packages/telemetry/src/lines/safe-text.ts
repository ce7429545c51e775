/** The one way for outside text into a record: bounded, and printable ASCII. */

// A compact JWT starts like this, since it is base64url of `{"`: no part of one is ever written. API keys have a
// prefix, and nothing else of ours has so many letters and digits behind it.
const tokens = /eyJ[\w-]{5,}(?:\.[\w-]*)*|sallyport_[0-9A-Za-z]{20,}/g;
const beginnings = /eyJ|sallyport_/;
const notPlain = /[^\x20-\x7e]|[\\"]/g;
const allPlain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const notPrintable = /[^\x20-\x7e]/g;
// Settings may hold lists of names, and every one of them may be needed.
const longestOwnText = 1_024;

/** Longest text that {@link safeText} makes, in characters. */
const longestText = 256;

/**
 * Makes text that means nothing to a terminal, a JSON parser or a line-based log: line breaks,
 * escape sequences, marks of direction and lone surrogates come out as `\u…` in letters. What is too
 * long is cut, and says how long it was.
 */
export function safeText(text: string): string {
  // Nearly all texts end here. A text with a token has one of the beginnings.
  if (text.length <= longestText && allPlain.test(text) && !beginnings.test(text)) return text;
  // Cut first: a megabyte costs no more than a line.
  const start = text.slice(0, longestText).replace(tokens, '[token]');
  const plain = start.replace(notPlain, escapeUnit);
  if (text.length <= longestText && plain.length <= longestText) return plain;
  const note = `... (${text.length} characters)`;
  return plain.slice(0, longestText - note.length) + note;
}

/**
 * The same for sentences and commands that this project writes, which a person may paste: quotes and
 * backslashes stay, and up to 1,024 characters.
 */
export function ownText(text: string): string {
  const plain = text
    .slice(0, longestOwnText)
    .replace(tokens, '[token]')
    .replace(notPrintable, escapeUnit);
  if (text.length <= longestOwnText && plain.length <= longestOwnText) return plain;
  const note = `... (${text.length} characters)`;
  return plain.slice(0, longestOwnText - note.length) + note;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
