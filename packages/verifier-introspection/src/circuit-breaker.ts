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

// The last ten seconds, one by one: what is counted must not grow with what is asked.
const secondMs = 1_000;
const windowSeconds = 10;
const leastRequests = 20;
const largestShare = 0.5;
const pauseMs = 2_000;

/** Opens when half of at least 20 requests within 10 seconds failed; asks again every 2 seconds. */
export function createCircuitBreaker({ now }: CircuitBreakerOptions): CircuitBreaker {
  let seconds: { readonly second: number; all: number; failed: number }[] = [];
  let openedAt: number | undefined;
  let isProbing = false;

  /** @returns Whether that is too much. */
  function count(at: number, isFailure: boolean): boolean {
    const second = Math.floor(at / secondMs);
    seconds = seconds.filter((one) => one.second > second - windowSeconds);
    let current = seconds.at(-1);
    if (current?.second !== second) {
      current = { second, all: 0, failed: 0 };
      seconds.push(current);
    }
    current.all += 1;
    if (isFailure) current.failed += 1;
    const all = seconds.reduce((sum, one) => sum + one.all, 0);
    const failed = seconds.reduce((sum, one) => sum + one.failed, 0);
    return all >= leastRequests && failed >= all * largestShare;
  }

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
      if (openedAt !== undefined) {
        isProbing = false;
        openedAt = outcome === 'failed' ? at : undefined;
        if (outcome === 'answered') seconds = [];
        return;
      }
      if (count(at, outcome === 'failed')) openedAt = at;
    },
  };
}
