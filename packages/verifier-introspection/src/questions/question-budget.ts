/** The few questions that are asked for clients over their limit of failures (CASE-26). */
import { LRUCache } from 'lru-cache';

interface Bucket {
  readonly size: number;
  readonly refillMs: number;
}

// An attacker gets 12 guesses a minute for each address. A client behind the same address still gets in.
const perClient: Bucket = { size: 3, refillMs: 5_000 };
const together: Bucket = { size: 20, refillMs: 200 };
const maximumClients = 10_000;

/** Three questions at once and one every 5 seconds per client; 20 and 5 a second for all of them. */
export interface QuestionBudget {
  /** Takes one question from both budgets. Takes none if one of them is empty. */
  take(client: string): boolean;
  /** Milliseconds until both budgets have a question. */
  waitMs(client: string): number;
}

/** @param monotonicNow Monotonic clock, in milliseconds from any start. */
export function createQuestionBudget(monotonicNow: () => number): QuestionBudget {
  // The time at which the bucket is full again. A time in the past means that it is full.
  // Created for the first client, because it allocates its memory at once.
  let fullAt: LRUCache<string, number> | undefined;
  let allFullAt = Number.NEGATIVE_INFINITY;

  const waitFor = (full: number, { size, refillMs }: Bucket) =>
    Math.max(0, full - monotonicNow() - (size - 1) * refillMs);
  const spend = (full: number, { refillMs }: Bucket) => Math.max(full, monotonicNow()) + refillMs;
  const ownFullAt = (client: string) => fullAt?.get(client) ?? Number.NEGATIVE_INFINITY;
  const waitMs = (client: string) =>
    Math.max(waitFor(ownFullAt(client), perClient), waitFor(allFullAt, together));

  return {
    waitMs,

    take(client) {
      if (waitMs(client) > 0) return false;
      fullAt ??= new LRUCache({ max: maximumClients });
      fullAt.set(client, spend(ownFullAt(client), perClient));
      allFullAt = spend(allFullAt, together);
      return true;
    },
  };
}
