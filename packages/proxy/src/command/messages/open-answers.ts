/** The answers that are being made, so that an upstream can wait for them before it stops. */
import type { ServerResponse } from 'node:http';

/** Answers that have not ended. */
export interface OpenAnswers {
  add(response: ServerResponse): void;
  /** Resolves when all have ended, or the time is over. */
  wait(timeoutMs: number): Promise<void>;
}

export function createOpenAnswers(): OpenAnswers {
  const open = new Set<ServerResponse>();
  let onEmpty = (): void => {};

  return {
    add(response) {
      // It closed before: nothing would ever take it off.
      if (response.destroyed) return;
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        if (open.size === 0) onEmpty();
      });
    },

    async wait(timeoutMs) {
      if (open.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onEmpty = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      await promise;
      clearTimeout(timer);
    },
  };
}
