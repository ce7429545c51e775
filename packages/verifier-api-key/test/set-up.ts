import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractNowSeconds } from '@sallyport/contract-tests';
import { type AuthErrorCode, isAuthError, Secret, type TokenVerifier } from '@sallyport/core';
import { onTestFinished } from 'vitest';
import {
  type ApiKeyEvent,
  type ApiKeyStore,
  createApiKeyRegistry,
  createApiKeyVerifier,
  createFileKeyStore,
} from '../src/index.ts';

export const resource = 'https://notes.acme-corp.dev/mcp';

export const makeSecret = (): Secret => new Secret(randomBytes(48).toString('base64url'));

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Given {
  readonly store?: ApiKeyStore;
  readonly secret?: Secret;
  readonly previousSecret?: Secret;
}

/** One server with its keys, and a clock that the test moves. */
export async function setUp(given: Given = {}) {
  const path = join(await makeFolder(), 'keys.json');
  const { store = createFileKeyStore({ path }), secret = makeSecret(), previousSecret } = given;
  const clock = { seconds: contractNowSeconds, monotonicMs: 0 };
  const events: ApiKeyEvent[] = [];
  const options = { resource, secret, ...(previousSecret && { previousSecret }), store };
  const registry = createApiKeyRegistry({ ...options, now: () => clock.seconds * 1_000 });
  const verifier = createApiKeyVerifier({
    ...options,
    onEvent: (event) => events.push(event),
    monotonicNow: () => clock.monotonicMs,
  });
  onTestFinished(() => verifier.close?.());
  const advance = (seconds: number) => {
    clock.seconds += seconds;
    clock.monotonicMs += seconds * 1_000;
  };
  const ask = (key: Secret | string, changes: { readonly allowRemote?: boolean } = {}) =>
    outcomeOf(verifier, key, clock.seconds, changes);
  return { path, store, secret, clock, advance, events, registry, verifier, ask };
}

/** `verified`, or the code of the refusal. */
export async function outcomeOf(
  verifier: TokenVerifier,
  key: Secret | string,
  nowSeconds: number,
  { allowRemote = true }: { readonly allowRemote?: boolean } = {},
): Promise<'verified' | AuthErrorCode> {
  const token = typeof key === 'string' ? key : key.reveal();
  const signal = new AbortController().signal;
  try {
    await verifier.verify(token, { nowSeconds, signal, allowRemote });
    return 'verified';
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return error.code;
  }
}
