/** The contract between the guard and whatever counts failed requests. */

/** Whether a key is within its limit. */
export interface RateLimitDecision {
  readonly allowed: boolean;
  /** Seconds until the next failure would be within the limit again; 0 when allowed. */
  readonly retryAfterSeconds: number;
}

/**
 * Limits *failed* requests per key. Successes are free and reset nothing, so nobody's bad tokens
 * lock out a client whose token is good, and no good token hides a series of bad ones.
 */
export interface RateLimiter {
  /** Reads the state of `key` without counting anything. */
  peek(key: string): Promise<RateLimitDecision>;

  /**
   * Counts one failure of `key`, atomically.
   *
   * @returns `allowed: false` when this failure was already over the limit. Of any number of
   *   concurrent calls, exactly the limit's worth are told `allowed: true`.
   */
  countFailure(key: string): Promise<RateLimitDecision>;

  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
