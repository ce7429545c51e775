/** How much unasked output of one child process is read per second. The rest waits in its pipe. */

/** Bytes that may still be read. */
export interface OutputBudget {
  /** @returns How many milliseconds reading must pause. 0: not at all. */
  spend(bytes: number): number;
}

// Some 2,000 short messages, which take a fiftieth of a processor.
const bytesPerSecond = 2 * 1_048_576;
const burstBytes = 16 * 1_048_576;
const pauseMs = 100;

/** @param monotonicNow Clock, in milliseconds. */
export function createOutputBudget(monotonicNow: () => number): OutputBudget {
  let left = burstBytes;
  let countedAt = monotonicNow();

  return {
    spend(bytes) {
      const now = monotonicNow();
      left = Math.min(burstBytes, left + ((now - countedAt) / 1_000) * bytesPerSecond) - bytes;
      countedAt = now;
      return left > 0 ? 0 : pauseMs;
    },
  };
}
