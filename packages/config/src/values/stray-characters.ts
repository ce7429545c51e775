/** Characters that belong to the place where a value was written, and not to the value. */

// Format characters such as a zero-width space, and control characters that are no line break or tab.
const invisible = /\p{Cf}|(?![\t\n\r])\p{Cc}/u;
const quotationMarks = /^["'`\u2018\u2019\u201c\u201d]|["'`\u2018\u2019\u201c\u201d]$/;

/** Names the first invisible character of a text. `undefined`: it has none. */
export function findInvisible(text: string): string | undefined {
  const [character] = invisible.exec(text) ?? [];
  if (character === undefined) return undefined;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `has an invisible character in it (U+${code}). Type the value again`;
}

/** What is wrong with a text that stands for itself: a URL, an id, or the name of a scope. */
export function findStrayMark(text: string): string | undefined {
  if (quotationMarks.test(text)) return 'has a quotation mark around it. Take it away';
  if (/[,;]$/.test(text)) return 'ends with a comma or semicolon. Take it away';
  if (/^[[\]{}]|\]$/.test(text)) return 'has brackets around it. Take them away';
  if (/(^|\s)#/.test(text)) return 'has a comment in it. Take it away';
  if (/^[A-Z][A-Z0-9_]+=/.test(text)) return 'begins with a name and =. Take that away';
  return undefined;
}
