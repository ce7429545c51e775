/** Reports to the operator that the server stopped answering. It refuses no request (INT-16). */
import type { IntrospectionEvent } from '../introspection-event.ts';

// One counter for each of the last ten seconds, so that memory does not grow with traffic.
const secondMs = 1_000;
const windowSeconds = 10;
const leastQuestions = 10;
const largestShare = 0.5;

/** Counts how questions end. */
export interface ServerHealth {
  record(isAnswered: boolean): void;
}

/**
 * Reports `breaker_opened` when half of at least 10 questions within 10 seconds got no answer, and
 * `breaker_closed` at the next answer. One client's questions are paced before that (see
 * `client-account.ts`); this report has no effect on what is asked.
 *
 * @param monotonicNow Monotonic clock, in milliseconds from any start.
 */
export function createServerHealth(
  monotonicNow: () => number,
  report: (event: IntrospectionEvent) => void,
): ServerHealth {
  let seconds: { readonly second: number; all: number; unanswered: number }[] = [];
  let isAway = false;

  function count(isAnswered: boolean): void {
    const second = Math.floor(monotonicNow() / secondMs);
    seconds = seconds.filter((one) => one.second > second - windowSeconds);
    let current = seconds.at(-1);
    if (current?.second !== second) {
      current = { second, all: 0, unanswered: 0 };
      seconds.push(current);
    }
    current.all += 1;
    if (!isAnswered) current.unanswered += 1;
  }

  return {
    record(isAnswered) {
      count(isAnswered);
      const all = seconds.reduce((sum, one) => sum + one.all, 0);
      const unanswered = seconds.reduce((sum, one) => sum + one.unanswered, 0);
      if (isAway && isAnswered) {
        isAway = false;
        seconds = [];
        report({ type: 'breaker_closed' });
      } else if (!isAway && all >= leastQuestions && unanswered >= all * largestShare) {
        isAway = true;
        report({ type: 'breaker_opened' });
      }
    },
  };
}
