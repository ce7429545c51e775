/** One attempt to read a version. Trusts nothing of the answer. */
import type { Reading } from '@sallyport/cached-secrets';
import { crc32c } from './crc32c.ts';
import { toFault } from './secret-fault.ts';
import { type AccessedVersion, accessVersion, type LazyClient } from './secret-manager-client.ts';
import type { SecretName } from './secret-name.ts';

/** Options for {@link readVersion}. */
export interface ReadVersionOptions {
  readonly client: LazyClient;
  readonly projectId: string;
  readonly name: SecretName;
  readonly timeoutMs: number;
  /** Aborts when no caller waits for the reading. */
  readonly signal: AbortSignal;
}

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
  if (data === undefined || data === null || data.length === 0) return { value: '', version };
  if (typeof data === 'string') {
    return { fault: 'unexpected_answer', detail: 'the payload is no bytes' };
  }
  if (Number(payload?.dataCrc32c ?? Number.NaN) !== crc32c(data)) {
    return {
      fault: 'checksum_mismatch',
      detail: 'the payload does not match its checksum: it was damaged on its way',
    };
  }
  return { value: data, version };
}

/** Answers name the project by its number: only the secret, and a pinned version, can be compared. */
function readVersionNumber(name: string, asked: SecretName): string | undefined {
  const [, secret, version] = /\/secrets\/([^/]+)\/versions\/([0-9]+)$/.exec(name) ?? [];
  const fits = asked.version === 'latest' || asked.version === version;
  return secret === asked.secret && fits ? version : undefined;
}
