/** Where a value came from, and how much of it may be shown. */

/** Where a value came from. */
export interface Origin {
  /** `environment`, `default`, the path of a file, or the name of a secret backend. */
  readonly source: string;
  /** The secret's name in its backend. */
  readonly secret?: string;
  readonly version?: string;
  /** FastMCP's name of the variable, where it was set under that one. */
  readonly writtenAs?: string;
}

/** A text, before it is read as a value. */
export interface Found {
  readonly text: string;
  readonly origin: Origin;
}

/** One variable as it is in force. */
export interface Setting {
  readonly name: string;
  /** What may be shown of its text. */
  readonly shown: string;
  readonly origin: Origin;
}

const longest = 200;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const longRun = /[A-Za-z0-9_~+/=-]{20,}/g;

/**
 * What may be shown of a text. Secrets end up in the wrong variable, too: whatever looks like one is
 * not shown, nor what a URL may carry of them.
 */
export function show(text: string, isSecret: boolean): string {
  if (isSecret || text.includes('-----BEGIN') || looksSecret(text)) return '[redacted]';
  const plain = text.replace(/\/\/[^/?#\s]*@/g, '//[redacted]@');
  return writeAscii(plain.length > longest ? `${plain.slice(0, longest)}...` : plain);
}

/**
 * Whether a text may be a secret that ended up in the wrong variable: random text has digits and letters
 * in one long run, and names of people and things have not.
 */
export function looksSecret(text: string): boolean {
  const runs = text.replace(/^[a-z]+:\/\/[^/?]*/, '').match(longRun) ?? [];
  return runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run) && !guid.test(run));
}

/** Writes JSON in plain ASCII: no line break, escape sequence or right-to-left mark gets into a log. */
export function writeAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
