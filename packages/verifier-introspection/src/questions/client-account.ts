/** The questions that one client has used. Pure: the clock is an argument. */

import type { Outcome } from './question.ts';

/** How many questions a client may have at a time. */
export interface ClientLimits {
  /** Questions that were sent less than two seconds ago. Also the number of unanswered ones in a row. */
  readonly sent: number;
  readonly waiting: number;
}

/** How long a question without an answer counts against its client. */
const unansweredCostMs = 3_000;

/** The questions of one client, and how long it must wait for the next one. */
export interface ClientAccount {
  readonly limits: ClientLimits;
  /** Questions that were sent and are neither answered nor overdue, about tokens not accepted before. */
  readonly unproven: number;
  /** Answers that counted against the client, since the account was opened. */
  readonly failures: number;
  /** A question is sent. */
  enter(isProven: boolean): void;
  /** A question that was sent is answered, over or overdue. */
  leave(isProven: boolean): void;
  /** @param change 1 for a question without an answer, -1 if its answer arrived late. */
  charge(change: 1 | -1, now: number): void;
  /** A question was answered. A token that is accepted shows that the server is there. */
  settle(outcome: Outcome): void;
  hasPlace(now: number): boolean;
  /** Milliseconds until a place is free. 0 if one is free now. */
  waitMs(now: number): number;
}

/**
 * Counts the questions of one client (CASE-60). A sent question takes one of `limits.sent` places. An
 * answer gives the place back. Without an answer the place stays taken, and one such place comes back
 * every three seconds.
 *
 * So a client whose tokens make the server fail soon asks no more than once in three seconds. The same
 * pace finds out within three seconds that a server is back.
 */
export function createClientAccount(limits: ClientLimits): ClientAccount {
  let sent = 0;
  let unproven = 0;
  let failures = 0;
  let charged = 0;
  let chargedAt = 0;
  // A fraction, because places are refilled continuously.
  const unanswered = (now: number) => Math.max(0, charged - (now - chargedAt) / unansweredCostMs);

  return {
    limits,
    get unproven() {
      return unproven;
    },

    get failures() {
      return failures;
    },

    enter(isProven) {
      sent += 1;
      if (!isProven) unproven += 1;
    },

    leave(isProven) {
      sent -= 1;
      if (!isProven) unproven -= 1;
    },

    charge(change, now) {
      charged = Math.max(0, unanswered(now) + change);
      chargedAt = now;
    },

    settle(outcome) {
      if (outcome === 'accepted') charged = 0;
      if (outcome === 'failed') failures += 1;
    },

    hasPlace: (now) => sent + unanswered(now) <= limits.sent - 1,
    waitMs: (now) => Math.max(0, (unanswered(now) - (limits.sent - 1)) * unansweredCostMs),
  };
}
