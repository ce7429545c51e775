import { AuthError } from '@sallyport/core';

/** Lets so many do something at a time, so many wait, and nobody else (INT-17). */
export interface Bulkhead {
  /** @throws {AuthError} `upstream_unavailable` when the queue is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createBulkhead(limits: {
  readonly running: number;
  readonly waiting: number;
}): Bulkhead {
  const queue: (() => void)[] = [];
  let running = 0;

  return {
    async run(work) {
      if (running >= limits.running) {
        if (queue.length >= limits.waiting) {
          throw new AuthError('upstream_unavailable', {
            detail: 'too many introspections at once',
          });
        }
        // Whoever ends hands its place on, so that nobody can take it in between.
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
