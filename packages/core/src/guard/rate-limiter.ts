/** The contract between the guard and whatever counts failed requests. */

/** A limit, and what is left of it. Clients are told, in `RateLimit-Policy` and `RateLimit`. */
export interface RateLimitQuota {
  /** Failures that are allowed in any interval of {@link windowSeconds}. */
  readonly limit: number;
  /** Failures that are allowed still. */
  readonly remaining: number;
  readonly windowSeconds: number;
}

/** Whether a key is within its limit. */
export interface RateLimitDecision {
  readonly allowed: boolean;
  /** Seconds until the next failure would be within the limit again; 0 when allowed. */
  readonly retryAfterSeconds: number;
  /** The limit that decided. Absent when another limit than the client's own decided. */
  readonly quota?: RateLimitQuota;
}

/** What a limiter remembers, in numbers. For gauges. */
export interface RateLimiterReadings {
  /** Keys in memory now, including those whose window is over. */
  readonly keys: number;
}

/**
 * Limits *failed* requests for each key. A success is not counted and resets nothing. So the bad tokens of one
 * client do not lock out a valid token, and a valid token does not hide a series of bad ones.
 */
export interface RateLimiter {
  /**
   * Reads the state of `key` without counting anything. The token of a client that is not allowed is
   * verified all the same. A verifier then asks other servers about few tokens, see
   * `VerifyContext.allowRemote`.
   *
   * @param key The client's address, as an adapter writes it: `192.0.2.1`, or the /64 of an IPv6
   *   address, `2001:db8:1:2::/64`. See `widerNetworkOf` for the /48 around it.
   */
  peek(key: string): Promise<RateLimitDecision>;

  /**
   * Counts one failure of `key`, atomically.
   *
   * @returns `allowed: false` when this failure was already over the limit. Of any number of
   *   concurrent calls, exactly the limit's worth are told `allowed: true`.
   */
  countFailure(key: string): Promise<RateLimitDecision>;

  /** Absent when the limiter does not count its keys. */
  readings?(): RateLimiterReadings;

  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
