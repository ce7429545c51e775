import type { Reading } from '@sallyport/cached-secrets';
import type { Secret } from '@sallyport/core';
import type { VaultSession } from './authentication.ts';
import { readAnswer } from './read-answer.ts';
import type { SecretName } from './secret-name.ts';
import type { VaultClient } from './vault-client.ts';

/** Options for {@link readSecret}. */
export interface ReadSecretOptions {
  readonly client: VaultClient;
  readonly session: VaultSession;
  readonly mount: string;
  readonly name: SecretName;
  /** Aborts when no caller waits for the reading. */
  readonly signal: AbortSignal;
}

/**
 * One attempt to read a version: once, and once more with another token when the first was refused
 * and there is another. Never rejects.
 */
export async function readSecret(options: ReadSecretOptions): Promise<Reading> {
  const { session, signal } = options;
  const token = await session.findToken(signal);
  if ('fault' in token) return token;
  const reading = await ask(options, token);
  if (!('fault' in reading) || reading.fault !== 'access_denied') return reading;
  session.renounce(token);
  const next = await session.findToken(signal);
  if ('fault' in next) return next;
  return next.reveal() === token.reveal() ? reading : ask(options, next);
}

async function ask(options: ReadSecretOptions, token: Secret): Promise<Reading> {
  const { client, mount, name, signal } = options;
  const { path, version } = name;
  const answer = await client.send({ path: `${mount}/data/${path}`, version, token, signal });
  return 'fault' in answer ? answer : readAnswer(answer, name);
}
