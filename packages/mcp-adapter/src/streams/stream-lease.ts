/** A stream that the server keeps open must not outlive the token it was opened with. */

/** For how long a stream may stay open. */
export interface StreamLease {
  /**
   * Whether the client listens for as long as the stream is open, or waits for the answer to a call. The
   * answer to a call ends with its token only if it is a stream.
   */
  readonly isOfCall: boolean;
  /**
   * Calls `end` when the token has expired or is found to be no longer good. The host ends the stream then.
   * `false` says that there was no stream to end: `end` is called again after a pause.
   *
   * @returns Stops watching. To be called when the stream has ended by itself.
   */
  watch(end: () => unknown): () => void;
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
  /** Looks at the token every `checkSeconds` only, and not at the time when it expires. Default false. */
  readonly isPatient?: boolean;
  readonly check: () => Promise<Renewal>;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

const shortestPauseMs = 1_000;
// Timers know no longer one, and fire at once.
const longestPauseMs = 2 ** 31 - 1;

/** Looks at the token again and again, and at its end at the latest. */
export function createStreamLease(options: StreamLeaseOptions): Pick<StreamLease, 'watch'> {
  const { checkSeconds, isPatient = false, check, now } = options;

  return {
    watch(end) {
      let { expiresAt } = options;
      let stopped = false;
      let isOver = false;
      let timer: ReturnType<typeof setTimeout> | undefined;

      function schedule(): void {
        const left = isPatient ? Number.POSITIVE_INFINITY : expiresAt * 1_000 - now();
        // Within the tolerance for clocks, what has expired may still be good.
        const pause = Math.min(left, checkSeconds * 1_000, longestPauseMs);
        timer = setTimeout(look, Math.max(shortestPauseMs, pause));
        // A stream is open as long as its socket is; waiting keeps no process alive.
        if (typeof timer === 'object') timer.unref();
      }

      async function look(): Promise<void> {
        if (!isOver) isOver = await isTokenOver();
        if (stopped) return;
        if (!isOver || end() === false) schedule();
      }

      async function isTokenOver(): Promise<boolean> {
        const renewal = await check();
        if (renewal === 'ended') return true;
        if (renewal === 'undecided') return now() >= expiresAt * 1_000;
        ({ expiresAt } = renewal);
        return false;
      }

      schedule();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
