/** Reads what Redis answers. Everything else than an answer to our commands is a `TypeError`. */
import { isStoredKey, type StoredKey, type UnreadableKey } from '../records/key-record.ts';

/** A word about what went wrong. No text of others gets further than its first word. */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'unexpected_answer';
  if (!(error instanceof Error)) return 'connection';
  if (error.message === 'Command timed out') return 'timeout';
  return /^[A-Z]{3,20}(?= |$)/.exec(error.message)?.[0] ?? 'connection';
}

const otherType: unique symbol = Symbol('the value of another program');

export function noteOtherType(error: unknown): typeof otherType {
  if (reasonOf(error) === 'WRONGTYPE') return otherType;
  throw error;
}

/** One damaged record must not look like an outage of Redis. */
export function readHash(answer: unknown): StoredKey | UnreadableKey | undefined {
  if (answer === otherType) return { unreadable: 'Redis has something else in place of a record' };
  if (!Array.isArray(answer) || answer.length !== 3) throw unexpected();
  const [record, revokedAt, endsAt]: readonly (string | undefined)[] = answer.map(readOptionalText);
  // The rest of a removed record is not a key.
  if (record === undefined) return undefined;
  const key = {
    record: parse(record),
    ...(revokedAt !== undefined && { revokedAt: Number(revokedAt) }),
    ...(endsAt !== undefined && { endsAt: Number(endsAt) }),
  };
  return isStoredKey(key) ? key : { unreadable: 'Redis has a record that cannot be read' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Page {
  readonly cursor: string;
  readonly entries: readonly (readonly [id: string, digest: string])[];
}

export function readPage(answer: unknown): Page {
  const [cursor, flat]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (typeof cursor !== 'string' || !Array.isArray(flat) || flat.length % 2 === 1) {
    throw unexpected();
  }
  const entries = Array.from(
    { length: flat.length / 2 },
    (_, index) => [readText(flat[2 * index]), readText(flat[2 * index + 1])] as const,
  );
  return { cursor, entries };
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw unexpected();
  return value;
}

export function readOptionalText(value: unknown): string | undefined {
  return value === null ? undefined : readText(value);
}

export function readCount(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw unexpected();
  return Number(value);
}

export function readFlag(value: unknown): boolean {
  return readCount(value) === 1;
}

function unexpected(): TypeError {
  return new TypeError('Redis answered something else');
}
