/** Ends a stream when its token is no longer valid. */

/** Limits how long a stream may stay open. */
export interface StreamLease {
  /**
   * True if the stream is the answer to a call. Such an answer ends with its token only if it is a stream. False if
   * the client listens.
   */
  readonly isOfCall: boolean;
  /**
   * Calls `end` when the token has expired or was revoked. The host then ends the stream. If `end` returns `false`,
   * there was no stream to end, and it is called again after a pause.
   *
   * @returns A function that stops watching. Call it when the stream has ended.
   */
  watch(end: () => unknown): () => void;
  /** Uncounts the stream, if the request led to no stream. */
  release(): void;
}

/** The result of verifying the token again. */
export type Renewal =
  /** Still good, and until then: seconds since the epoch. */
  | { readonly expiresAt: number }
  /** The verifier could not decide. The stream stays open until the known expiry. */
  | 'undecided'
  | 'ended';

/** Options for {@link createStreamLease}. */
export interface StreamLeaseOptions {
  /** Until when the token is good, in seconds since the epoch. */
  readonly expiresAt: number;
  /** How often to verify the token again, in seconds. */
  readonly checkSeconds: number;
  /** Verifies the token only every `checkSeconds`, and not when it expires. Default false. */
  readonly isPatient?: boolean;
  readonly check: () => Promise<Renewal>;
  /**
   * Calls `end` when the stream must end before the next check. Default: nothing ends it.
   *
   * @returns A function that stops watching, if there is anything to watch.
   */
  readonly onRefusal?: (end: () => void) => (() => void) | undefined;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

const shortestPauseMs = 1_000;
// The longest delay of a timer. A longer one fires at once.
const longestPauseMs = 2 ** 31 - 1;

/** Verifies the token periodically, and at the latest when it expires. */
export function createStreamLease(options: StreamLeaseOptions): Pick<StreamLease, 'watch'> {
  const { checkSeconds, isPatient = false, check, onRefusal, now } = options;

  return {
    watch(end) {
      let { expiresAt } = options;
      let stopped = false;
      let isOver = false;
      let timer: ReturnType<typeof setTimeout> | undefined;

      function schedule(): void {
        const left = isPatient ? Number.POSITIVE_INFINITY : expiresAt * 1_000 - now();
        // Within the tolerance for clocks, what has expired may still be good.
        const pause = isOver ? 0 : Math.min(left, checkSeconds * 1_000, longestPauseMs);
        clearTimeout(timer);
        timer = setTimeout(look, Math.max(shortestPauseMs, pause));
        // A stream is open as long as its socket is; waiting keeps no process alive.
        if (typeof timer === 'object') timer.unref();
      }

      async function look(): Promise<void> {
        if (!isOver && (await isTokenOver())) isOver = true;
        if (stopped) return;
        if (isOver && end() !== false) stop();
        else schedule();
      }

      async function isTokenOver(): Promise<boolean> {
        const renewal = await check();
        if (renewal === 'ended') return true;
        if (renewal === 'undecided') return now() >= expiresAt * 1_000;
        ({ expiresAt } = renewal);
        return false;
      }

      function stop(): void {
        stopped = true;
        clearTimeout(timer);
        unwatch?.();
      }

      schedule();
      const unwatch = onRefusal?.(() => {
        if (stopped) return;
        isOver = true;
        clearTimeout(timer);
        // Not at once: the host may not be ready to end the stream yet.
        timer = setTimeout(look);
      });
      return stop;
    },
  };
}
