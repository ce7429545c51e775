import { lookupOutcome, waitForever } from '@sallyport/contract-tests';
import type { SecretContext } from '@sallyport/core';
import { onTestFinished } from 'vitest';
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
    wait: waitForever,
    ...changes,
  });
  onTestFinished(() => provider.close());
  return {
    store,
    provider,
    events,
    clock,
    read: (name = 'key') => lookupOutcome(provider.get(name, waiting)),
    /** Events of these types, in order. */
    seen: (...types: readonly SecretEvent['type'][]) =>
      events.filter(({ type }) => types.includes(type)),
  };
}
