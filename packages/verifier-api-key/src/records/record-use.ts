/** Notes on which day each key was used last. It never delays a request, and never affects its answer. */
import { isAuthError } from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import type { ApiKeyEvent } from '../api-key-event.ts';
import type { ApiKeyStore } from '../stores/key-store.ts';

const secondsPerDay = 86_400;

/** @returns Notes one use. The store is written once per key and day. */
export function recordUse(
  store: ApiKeyStore,
  maximumKeys: number,
  report: (event: ApiKeyEvent) => void,
): (id: string, nowSeconds: number) => void {
  const days = new LRUCache<string, number>({ max: maximumKeys });
  let failedOn: number | undefined;
  return (id, nowSeconds) => {
    const day = Math.floor(nowSeconds / secondsPerDay);
    if (days.get(id) === day) return;
    days.set(id, day);
    // Also where a store throws before it returns a promise.
    const touch = async () => store.touch(id, dayOf(day));
    touch().catch((error: unknown) => {
      if (failedOn === day) return;
      failedOn = day;
      const detail = (isAuthError(error) ? error.detail : undefined) ?? 'the store failed';
      report({ type: 'api_key_use_not_recorded', store: store.name, detail });
    });
  };
}

/** @param day Days since the epoch. */
function dayOf(day: number): string {
  return new Date(day * secondsPerDay * 1_000).toISOString().slice(0, 10);
}
