import type { CachedSecret } from './cached-secret.ts';

/** Those who want to know when a secret changes. While there is one, it is read when it is due. */
export interface Watch<Change> {
  /** Returns what takes the listener away again. */
  add(listener: (change: Change) => void): () => void;
  tell(change: Change): void;
}

/** Options for {@link createWatch}. */
export interface WatchOptions {
  readonly cached: CachedSecret;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Ends everything. */
  readonly closed: AbortSignal;
}

/** Creates a watch that nobody takes part in yet. */
export function createWatch<Change>({ cached, wait, closed }: WatchOptions): Watch<Change> {
  const listeners = new Set<(change: Change) => void>();
  let unattended = new AbortController();

  async function pollWhileWatched(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await cached.poll();
      // Timers may fire a little early.
      await wait(Math.ceil(cached.dueInMs()) + 1, signal);
    }
  }

  return {
    add(listener) {
      // An entry of its own, so that whoever is added twice is told twice, and taken away once.
      const entry = (change: Change) => listener(change);
      listeners.add(entry);
      if (listeners.size === 1) {
        unattended = new AbortController();
        // It rejects when it is ended.
        pollWhileWatched(AbortSignal.any([closed, unattended.signal])).catch(() => {});
      }
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0) unattended.abort();
      };
    },

    tell(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch {
          // One that fails must keep neither the others nor the value from their business.
        }
      }
    },
  };
}
