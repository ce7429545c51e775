import type { Reading } from '@sallyport/cached-secrets';
import type { LazyClient, SecretValue } from './lazy-client.ts';
import { toFault } from './secret-fault.ts';
import type { SecretName } from './secret-name.ts';

/** Options for {@link readSecret}. */
export interface ReadSecretOptions {
  readonly client: LazyClient;
  readonly name: SecretName;
  /** For one request. */
  readonly timeoutMs: number;
  /** Aborts at the deadline of the reading, and when the provider is closed. */
  readonly signal: AbortSignal;
}

/** Reads a secret once. No detail contains a byte of a secret. */
export async function readSecret(options: ReadSecretOptions): Promise<Reading> {
  const { client, name, timeoutMs, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const { secret: SecretId, version } = name;
  const input = version === 'latest' ? { SecretId } : { SecretId, VersionId: version };
  try {
    const answer = await client.getSecretValue(input, AbortSignal.any([signal, timeout]));
    return readAnswer(answer, name);
  } catch (error) {
    if (timeout.aborted) return { fault: 'timeout', detail: `no answer within ${timeoutMs} ms` };
    return toFault(error);
  }
}

function readAnswer(answer: SecretValue, { secret, version }: SecretName): Reading {
  const { Name, VersionId, SecretString, SecretBinary } = Object(answer) as SecretValue;
  const isPinned = version === 'latest' || version === VersionId;
  if (Name !== secret || VersionId === undefined || !isPinned) {
    return { fault: 'unexpected_answer', detail: 'the answer is about another secret or version' };
  }
  return { value: SecretString ?? SecretBinary ?? '', version: VersionId };
}
