import { isAuthError, type SecretContext, type SecretLookup } from '@sallyport/core';
import { expect, onTestFinished } from 'vitest';
import type { CachedSecretsOptions, SecretEvent } from '../src/index.ts';
import { createMemoryStore, openStore } from './memory-store.ts';

export const waiting: SecretContext = { signal: new AbortController().signal };

/** A store with one secret, and a provider whose clock moves only when a test moves it. */
export function setUp(changes: Partial<CachedSecretsOptions> = {}) {
  const store = createMemoryStore();
  const events: SecretEvent[] = [];
  const clock = { now: 0 };
  const provider = openStore(store, {
    onEvent: (event) => void events.push(event),
    monotonicNow: () => clock.now,
    wait: untilAborted,
    ...changes,
  });
  onTestFinished(() => provider.close());
  return {
    store,
    provider,
    events,
    clock,
    read: (name = 'key') => settle(provider.get(name, waiting)),
    /** Events of these types, in order. */
    seen: (...types: readonly SecretEvent['type'][]) =>
      events.filter(({ type }) => types.includes(type)),
  };
}

/** `value@version`, `absent`, or what the operator is told. */
export async function settle(lookup: Promise<SecretLookup>): Promise<string> {
  try {
    const found = await lookup;
    return found.found ? `${found.secret.reveal()}@${found.version}` : 'absent';
  } catch (error) {
    if (!isAuthError(error)) return expect.fail(`${String(error)} is not an AuthError`);
    expect(error.code).toBe('upstream_unavailable');
    return `${error.detail}`;
  }
}

/** A timer that never fires. */
export function untilAborted(_milliseconds: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
