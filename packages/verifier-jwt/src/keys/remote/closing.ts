/** Aborts what is under way when its owner closes. */
export interface Closing {
  /** Runs work with a signal of its own, which aborts on {@link close}. */
  run<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  close(): void;
}

/**
 * Creates one for an owner that may live as long as the process.
 *
 * Each piece of work has a signal of its own: Workers make none while a module loads, and let no request use the
 * signal of another.
 */
export function createClosing(): Closing {
  const running = new Set<AbortController>();
  let isClosed = false;
  return {
    async run(work) {
      const controller = new AbortController();
      if (isClosed) controller.abort();
      running.add(controller);
      try {
        return await work(controller.signal);
      } finally {
        running.delete(controller);
      }
    },

    close() {
      isClosed = true;
      for (const controller of running) controller.abort();
    },
  };
}
