/** How many failures of all clients together may come, on average, in a second. */
export interface FailureBudget {
  count(now: number): void;
  /** Milliseconds until the budget is no longer exceeded; 0 when it is not. */
  waitMs(now: number): number;
}

/**
 * A second's worth may be in excess, as a burst. Whatever comes beyond, it is made up for within
 * another second after the end of it: a flood must not be felt for longer than it lasts.
 */
export function createFailureBudget(maximumFailuresPerSecond: number): FailureBudget {
  const eachMs = 1_000 / maximumFailuresPerSecond;
  const burstMs = 1_000;
  // When all that was counted would have come, had it come at the allowed pace.
  let paidOffAt = Number.NEGATIVE_INFINITY;

  return {
    count(now) {
      paidOffAt = Math.min(Math.max(paidOffAt, now) + eachMs, now + 2 * burstMs);
    },
    waitMs: (now) => Math.max(0, paidOffAt - burstMs - now),
  };
}
