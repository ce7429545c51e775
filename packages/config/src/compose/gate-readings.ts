import type {
  AuthorizationRule,
  CallQuotaReadings,
  RateLimiter,
  TokenVerifier,
} from '@sallyport/core';

/** What gauges show of a gate. `createOpenTelemetrySink` of `@sallyport/telemetry` takes them. */
export interface GateReadings {
  /** Addresses that the limiter of this instance remembers; `undefined` where that is not known. */
  readonly limiterKeys: () => number | undefined;
  /** Callers that the quota of this instance remembers; `undefined` without a quota. */
  readonly quotaCallers: () => number | undefined;
  /**
   * Part of the look-ups since the last call that the verifier's cache answered, 0 to 1; `undefined`
   * when there was none.
   */
  readonly cacheHitRatio: () => number | undefined;
}

/** Readings of a gate without verifier and limiter. */
export const noReadings: GateReadings = Object.freeze({
  limiterKeys: () => undefined,
  quotaCallers: () => undefined,
  cacheHitRatio: () => undefined,
});

interface ReadableParts {
  readonly verifier: TokenVerifier;
  readonly rateLimiter: RateLimiter;
  readonly quota: (AuthorizationRule & { readings?: () => CallQuotaReadings }) | undefined;
}

export function createGateReadings({ verifier, rateLimiter, quota }: ReadableParts): GateReadings {
  let last = { cacheHits: 0, cacheMisses: 0 };
  return {
    limiterKeys: () => rateLimiter.readings?.().keys,
    quotaCallers: () => quota?.readings?.().callers,

    cacheHitRatio() {
      const now = verifier.readings?.();
      if (now === undefined) return undefined;
      const hits = now.cacheHits - last.cacheHits;
      const all = hits + now.cacheMisses - last.cacheMisses;
      last = now;
      return all === 0 ? undefined : hits / all;
    },
  };
}
