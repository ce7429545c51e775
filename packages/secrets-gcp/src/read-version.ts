/** One attempt to read a version. Trusts nothing of the answer. */
import { crc32c } from './crc32c.ts';
import { type FaultyReading, toFault } from './secret-fault.ts';
import { type AccessedVersion, accessVersion, type LazyClient } from './secret-manager-client.ts';
import type { SecretName } from './secret-name.ts';

/** A text secret. */
export interface GoodReading {
  /** Without a newline at its end. */
  readonly text: string;
  /** The number of the version. */
  readonly version: string;
  readonly storedBytes: number;
  readonly usedBytes: number;
}

/** What came of an attempt. */
export type Reading = GoodReading | FaultyReading;

/** Options for {@link readVersion}. */
export interface ReadVersionOptions {
  readonly client: LazyClient;
  readonly projectId: string;
  readonly name: SecretName;
  readonly timeoutMs: number;
  /** Aborts when nobody waits for the reading any more. */
  readonly signal: AbortSignal;
}

const mostBytes = 65_536;

/** Never rejects: whatever happens is a reading. */
export async function readVersion(options: ReadVersionOptions): Promise<Reading> {
  const { client, projectId, name, timeoutMs, signal } = options;
  const resource = `projects/${projectId}/secrets/${name.secret}/versions/${name.version}`;
  try {
    signal.throwIfAborted();
    const opened = await client.open();
    signal.throwIfAborted();
    return readAnswer(await accessVersion(opened, { name: resource, timeoutMs, signal }), name);
  } catch (error) {
    return toFault(error);
  }
}

function readAnswer({ name, payload }: AccessedVersion, asked: SecretName): Reading {
  const version = readVersionNumber(name ?? '', asked);
  if (version === undefined) {
    return { fault: 'unexpected_answer', detail: 'the answer is about something else' };
  }
  const data = payload?.data;
  if (data === undefined || data === null || data.length === 0) return empty;
  if (typeof data === 'string') {
    return { fault: 'unexpected_answer', detail: 'the payload is no bytes' };
  }
  if (Number(payload?.dataCrc32c ?? Number.NaN) !== crc32c(data)) {
    return {
      fault: 'checksum_mismatch',
      detail: 'the payload does not match its checksum: it was damaged on its way',
    };
  }
  if (data.length > mostBytes) {
    return { fault: 'too_long', detail: `${data.length} bytes, and ${mostBytes} are allowed` };
  }
  return readText(data, version);
}

const empty: FaultyReading = { fault: 'empty', detail: 'there is nothing in it' };

/** Answers name the project by its number: only the secret, and a pinned version, can be compared. */
function readVersionNumber(name: string, asked: SecretName): string | undefined {
  const [, secret, version] = /\/secrets\/([^/]+)\/versions\/([0-9]+)$/.exec(name) ?? [];
  const fits = asked.version === 'latest' || asked.version === version;
  return secret === asked.secret && fits ? version : undefined;
}

function readText(data: Uint8Array, version: string): Reading {
  const decoded = decode(data);
  if (decoded === undefined) return { fault: 'not_text', detail: 'it is no UTF-8' };
  // `echo x | gcloud secrets create` stores a newline that nobody means.
  const text = decoded.replace(/\r?\n$/, '');
  if (text.trim() === '') return empty;
  return { text, version, storedBytes: data.length, usedBytes: Buffer.byteLength(text) };
}

function decode(data: Uint8Array): string | undefined {
  try {
    // A byte order mark stays: whether it fits is for those to say who know what it is in.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
}
