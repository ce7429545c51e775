import { createReporter } from '@sallyport/core';
import type { CachedSecret } from './cached-secret.ts';

/** The listeners of one secret. While there is one, the secret is read whenever it is due. */
export interface Watch<Change> {
  /** Returns the function that removes the listener. */
  add(listener: (change: Change) => void): () => void;
  tell(change: Change): void;
}

/** Options for {@link createWatch}. */
export interface WatchOptions {
  readonly cached: CachedSecret;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Ends all polling. */
  readonly closed: AbortSignal;
}

/** Creates a watch without listeners. */
export function createWatch<Change>({ cached, wait, closed }: WatchOptions): Watch<Change> {
  const listeners = new Set<(change: Change) => void>();
  let unwatched = new AbortController();

  async function pollWhileWatched(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await cached.poll();
      // Timers may fire a little early.
      await wait(Math.ceil(cached.dueInMs()) + 1, signal);
    }
  }

  return {
    add(listener) {
      // A new function each time, so that a listener that is added twice is called twice.
      const entry = createReporter<Change>(listener, 'listener');
      listeners.add(entry);
      if (listeners.size === 1) {
        unwatched = new AbortController();
        // The wait rejects when polling ends.
        pollWhileWatched(AbortSignal.any([closed, unwatched.signal])).catch(() => {});
      }
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0) unwatched.abort();
      };
    },

    tell(change) {
      // A listener that fails does not keep the change from the others.
      for (const listener of listeners) listener(change);
    },
  };
}
