/** A stream that the server keeps open must not outlive the token it was opened with. */

/** For how long a stream may stay open. */
export interface StreamLease {
  /**
   * Calls `end` once, when the token has expired or is found to be no longer good. The host ends the
   * stream then.
   *
   * @returns Stops watching. To be called when the stream has ended by itself.
   */
  watch(end: () => void): () => void;
  /** Gives back the caller's place among its open streams, where no stream came of the request. */
  release(): void;
}

/** What looking at the token again has shown. */
export type Renewal =
  /** Still good, and until then: seconds since the epoch. */
  | { readonly expiresAt: number }
  /** Nobody could tell. The stream goes on until the time that was known before. */
  | 'undecided'
  | 'ended';

/** Options for {@link createStreamLease}. */
export interface StreamLeaseOptions {
  /** Until when the token is good, in seconds since the epoch. */
  readonly expiresAt: number;
  /** How often to look at it again, in seconds. */
  readonly checkSeconds: number;
  readonly check: () => Promise<Renewal>;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

const shortestPauseMs = 1_000;
// Timers know no longer one, and fire at once.
const longestPauseMs = 2 ** 31 - 1;

/** Looks at the token again and again, and at its end at the latest. */
export function createStreamLease(options: StreamLeaseOptions): Pick<StreamLease, 'watch'> {
  const { checkSeconds, check, now } = options;

  return {
    watch(end) {
      let { expiresAt } = options;
      let stopped = false;
      let timer: ReturnType<typeof setTimeout> | undefined;

      function schedule(): void {
        const left = expiresAt * 1_000 - now();
        // Within the tolerance for clocks, what has expired may still be good.
        const pause = Math.min(left, checkSeconds * 1_000, longestPauseMs);
        timer = setTimeout(look, Math.max(shortestPauseMs, pause));
        // A stream is open as long as its socket is; waiting keeps no process alive.
        if (typeof timer === 'object') timer.unref();
      }

      async function look(): Promise<void> {
        const renewal = await check();
        if (stopped) return;
        const isOver = renewal === 'undecided' && now() >= expiresAt * 1_000;
        if (renewal === 'ended' || isOver) return end();
        if (renewal !== 'undecided') expiresAt = renewal.expiresAt;
        schedule();
      }

      schedule();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
