/** What becomes of the limit that instances share. */
export type RateLimitEvent =
  /** Redis does not answer as it should: from now on each instance limits by itself. */
  | {
      readonly type: 'redis_unavailable';
      /** `calls`: of a quota. Absent: the limit of failed sign-ins. */
      readonly limits?: 'calls';
      /**
       * `timeout`, `connection`, `unexpected_answer`, or the first word of what Redis said, such as
       * `READONLY`, `OOM`, `NOPERM` or `NOAUTH`.
       */
      readonly reason: string;
    }
  /** It does again: from now on they share the limit. */
  | {
      readonly type: 'redis_available';
      readonly limits?: 'calls';
      readonly outageSeconds: number;
    };
