/** Counts the fetches of keys that began and that ended. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';

export interface KeyFetches {
  /** Call it when a fetch has ended. */
  noteEnd(): void;
  /** Resolves when no fetch is under way. */
  settle(): Promise<void>;
  close(): void;
}

const channel = 'undici:request:create';
const longestMs = 60_000;

/** @param url The address of the keys. Fetches begin in the background, so only undici reports their beginning. */
export function watchKeyFetches(url: string): KeyFetches {
  const { origin } = new URL(url);
  let begun = 0;
  let ended = 0;
  const count = (message: unknown): void => {
    const { request } = message as { request: { origin: unknown } };
    if (String(request.origin) === origin) begun += 1;
  };
  subscribe(channel, count);
  return {
    noteEnd() {
      ended += 1;
    },

    async settle() {
      const deadline = performance.now() + longestMs;
      while (begun !== ended) {
        if (performance.now() > deadline) throw new Error('a fetch of keys did not end');
        await sleep(1);
      }
    },

    close: () => void unsubscribe(channel, count),
  };
}
