/** The source of a value, and the part of it that a log may show. */
import { hideInUrl, isSlip, isUrl, looksSecret } from './secret-shapes.ts';

/** The source of a value. */
export interface Origin {
  /** `environment`, `default`, the path of a file, or the name of a secret backend. */
  readonly source: string;
  /** The name of the secret in its backend. */
  readonly secret?: string;
  /** The version of the secret that was read. */
  readonly version?: string;
  /** The name of the variable in FastMCP, if it was set under that name. */
  readonly writtenAs?: string;
}

/** A text, before it is read as a value. */
export interface Found {
  readonly text: string;
  readonly origin: Origin;
}

/** A variable with the value in effect. */
export interface Setting {
  /** The name of the variable. */
  readonly name: string;
  /** The value for the log, redacted if it is or looks like a secret. */
  readonly shown: string;
  /** The source of the value. */
  readonly origin: Origin;
}

const longest = 200;

/** What is known of a variable, as far as printing it goes. */
export interface Shown {
  readonly isSecret: boolean;
  /** Only a few values are possible: words, a number, true or false. */
  readonly isClosed: boolean;
}

/**
 * What may be shown of a text. Secrets end up in the wrong variable, too: whatever looks like one is
 * not shown, nor what a URL may carry of them. A GUID is shown where ids are expected.
 */
export function show(text: string, { isSecret, isClosed }: Shown): string {
  if (isSecret || (isClosed && !isSlip(text))) return '[redacted]';
  if (!isUrl(text) && looksSecret(text)) return '[redacted]';
  const plain = isUrl(text) ? hideInUrl(text) : text;
  return writeAscii(plain.length > longest ? `${plain.slice(0, longest)}...` : plain);
}

/** Writes JSON in plain ASCII: no line break, escape sequence or right-to-left mark gets into a log. */
export function writeAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
