/** What a backend returns, and which values are text that can be used. */
import type { FaultyReading } from './secret-fault.ts';

/** What the store answered. */
export interface StoredSecret {
  /** As it is stored: bytes of UTF-8, or text. A newline at its end is removed later. */
  readonly value: Uint8Array | string;
  /** Names the version that was read, such as a number. It is not secret. */
  readonly version: string;
}

/** What one attempt of a backend brought. */
export type Reading = StoredSecret | FaultyReading;

/** A value that can be used. */
export interface SecretText {
  /** Without the newline at its end. */
  readonly text: string;
  readonly version: string;
  readonly storedBytes: number;
  readonly usedBytes: number;
}

/** What a backend without types returns may be anything. */
export function checkReading(reading: unknown): Reading {
  const { fault, detail, value, version } = Object(reading) as Readonly<Record<string, unknown>>;
  const isFault = typeof fault === 'string' && typeof detail === 'string';
  const isValue = typeof value === 'string' || value instanceof Uint8Array;
  if (isFault || (isValue && typeof version === 'string' && version !== '')) {
    return reading as Reading;
  }
  return { fault: 'unexpected_answer', detail: 'the backend returned no value with a version' };
}

const maximumBytes = 65_536;
const empty: FaultyReading = { fault: 'empty', detail: 'there is nothing in it' };

/**
 * Reads the text of a stored value: UTF-8 of at most 64 KiB that is not blank. It removes one newline
 * at the end, because `echo secret | …` stores one.
 */
export function readText({ value, version }: StoredSecret): SecretText | FaultyReading {
  const storedBytes = Buffer.byteLength(value);
  if (storedBytes === 0) return empty;
  if (storedBytes > maximumBytes) {
    return { fault: 'too_long', detail: `${storedBytes} bytes, and ${maximumBytes} are allowed` };
  }
  const decoded = decode(value);
  if (decoded === undefined) return { fault: 'not_text', detail: 'it is no UTF-8' };
  const text = decoded.replace(/\r?\n$/, '');
  if (text.trim() === '') return empty;
  return { text, version, storedBytes, usedBytes: Buffer.byteLength(text) };
}

function decode(value: Uint8Array | string): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  try {
    // A byte order mark stays: only the user of the value knows whether it belongs to it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}
