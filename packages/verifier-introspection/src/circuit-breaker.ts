/** Options for {@link createCircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Monotonic clock, in milliseconds from any start. */
  readonly now: () => number;
}

/**
 * Stops asking a server that is away (INT-16). Only what is the server's own fault counts: a stranger
 * can make it refuse a token, and must not be able to open this.
 */
export interface CircuitBreaker {
  /** Whether to ask. While open, one request at a time is let through from time to time. */
  admit(): boolean;
  /** How a request that was let through ended; given up, when nobody waited for it any more. */
  record(outcome: 'answered' | 'failed' | 'given up'): void;
  readonly isOpen: boolean;
}

const windowMs = 10_000;
const leastRequests = 20;
const largestShare = 0.5;
const pauseMs = 2_000;

/** Opens when half of at least 20 requests within 10 seconds failed; asks again every 2 seconds. */
export function createCircuitBreaker({ now }: CircuitBreakerOptions): CircuitBreaker {
  let outcomes: { readonly at: number; readonly failed: boolean }[] = [];
  let openedAt: number | undefined;
  let isProbing = false;

  return {
    get isOpen() {
      return openedAt !== undefined;
    },

    admit() {
      if (openedAt === undefined) return true;
      if (isProbing || now() - openedAt < pauseMs) return false;
      isProbing = true;
      return true;
    },

    record(outcome) {
      if (outcome === 'given up') {
        isProbing = false;
        return;
      }
      const at = now();
      const failed = outcome === 'failed';
      if (openedAt !== undefined) {
        isProbing = false;
        openedAt = failed ? at : undefined;
        if (!failed) outcomes = [];
        return;
      }
      outcomes = outcomes.filter((one) => at - one.at < windowMs);
      outcomes.push({ at, failed });
      const failures = outcomes.filter((one) => one.failed).length;
      if (outcomes.length >= leastRequests && failures >= outcomes.length * largestShare) {
        openedAt = at;
      }
    },
  };
}
