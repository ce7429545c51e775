/** Counts the open streams of one gate for each caller, and ends them at shutdown. */
import { createStreamLease, type StreamLease, type StreamLeaseOptions } from './stream-lease.ts';

/** The streams of one gate. */
export interface OpenStreams {
  /**
   * Counts a stream of this caller until it ends or is released.
   *
   * @returns A lease that also ends with {@link end}. `undefined`: the caller has too many streams.
   */
  open(caller: string, options: StreamLeaseOptions): StreamLease | undefined;
  /** Ends those that are watched at this moment. */
  end(): void;
}

/** @param maximumPerCaller How many streams one caller may have open. */
export function createOpenStreams(maximumPerCaller: number): OpenStreams {
  const open = new Set<() => void>();
  const counts = new Map<string, number>();

  /** @returns Uncounts it, once. */
  function count(caller: string): () => void {
    counts.set(caller, (counts.get(caller) ?? 0) + 1);
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      const left = (counts.get(caller) ?? 1) - 1;
      if (left > 0) counts.set(caller, left);
      else counts.delete(caller);
    };
  }

  return {
    open(caller, options) {
      if ((counts.get(caller) ?? 0) >= maximumPerCaller) return undefined;
      const uncount = count(caller);
      const lease = createStreamLease(options);
      let isReleased = false;
      return {
        isOfCall: false,

        release() {
          isReleased = true;
          uncount();
        },

        watch(end) {
          // The client left while the server behind the gate was still preparing its answer.
          if (isReleased) {
            end();
            return () => {};
          }
          const finish = () => {
            stop();
            end();
          };
          const stopLooking = lease.watch(finish);
          const stop = () => {
            open.delete(finish);
            stopLooking();
            uncount();
          };
          open.add(finish);
          return stop;
        },
      };
    },

    end() {
      for (const finish of [...open]) finish();
    },
  };
}
