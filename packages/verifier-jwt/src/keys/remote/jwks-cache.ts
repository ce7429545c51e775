/** Caches a key set: refreshes it ahead of time, keeps it in an outage, limits the fetches. */
import { AuthError, type VerifyContext } from '@sallyport/core';
import type { KeyEvent } from '../key-event.ts';
import type { KeySet } from '../key-set.ts';
import type { KeyQuery, KeyRing, VerificationKey } from '../key-source.ts';
import { createClosing } from './closing.ts';
import { describeDropped, detailOf, pauseAfter, pendingKey, unknownKey } from './fetch-outcome.ts';
import { untilAborted } from './until-aborted.ts';

/** Options for {@link createJwksCache}. */
export interface JwksCacheOptions {
  /** Fetches the keys. Every error counts as an outage. */
  readonly load: (signal: AbortSignal, previous: KeySet | undefined) => Promise<KeySet>;
  /** Lifetime of fetched keys, in milliseconds. */
  readonly ttlMs: number;
  /** How long expired keys stay in use during an outage, in milliseconds. */
  readonly maximumStaleMs: number;
  /**
   * Longest time that {@link load} takes, in milliseconds. A fetch that has not ended after it is taken for lost:
   * Workers drop what a request has begun when the client of that request leaves. Default: every fetch ends.
   */
  readonly limitMs?: number;
  /** Minimum time between two fetches, failed ones included, in milliseconds. */
  readonly cooldownMs: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly monotonicNow: () => number;
  /** From 0 to 1, so that many instances do not all fetch at once. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: (event: KeyEvent) => void;
  readonly close: () => Promise<void>;
}

// A request that finds the set at this part of its lifetime refreshes it in the background. A timer
// would not work: on Cloud Run none fires between requests.
const refreshAhead = { from: 0.72, to: 0.88 };
// Attackers can invent key ids faster than an origin answers. So at most this many requests with an
// unknown key are held until keys may be fetched again, and at most this many wait for a fetch.
const maximumHeld = 64;
const maximumWaiting = 128;
const longestHeldMs = 2_000;
// If a fetch failed after a longer time, the origin probably hangs. Then requests wait only this long.
const longestProbeMs = 1_000;

/**
 * Creates the cache of one key set for one verifier.
 *
 * `allowRemote: false` does not prevent a fetch: all requests share the keys, and there is at most one
 * fetch per cool-down. Without the fetch, the bad tokens of one client would refuse the good tokens of
 * others. It only prevents that a request is held for a fetch that is not due yet.
 */
export function createJwksCache(options: JwksCacheOptions): KeyRing {
  const {
    load,
    limitMs = Number.POSITIVE_INFINITY,
    ttlMs,
    maximumStaleMs,
    cooldownMs,
    monotonicNow,
    random,
    wait,
    report,
  } = options;
  const closing = createClosing();
  let keys: KeySet | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  // Counted, because two events can have the same time.
  let startedFetches = 0;
  let lastSuccessfulFetch = 0;
  let refreshAfterMs = 0;
  let pauseMs = cooldownMs;
  let held = 0;
  let waiting = 0;
  let lastFailure: AuthError | undefined;
  let failedAfterMs = 0;
  let loading: Promise<void> | undefined;

  /** At most one fetch at a time. Never rejects: how it ended is in `lastFailure`. */
  function refresh(): Promise<void> {
    if (isLoading() && loading !== undefined) return loading;
    const current = fetchKeys().finally(() => {
      if (loading === current) loading = undefined;
    });
    loading = current;
    return current;
  }

  const isLoading = () => loading !== undefined && monotonicNow() - attemptedAt < limitMs;

  async function fetchKeys(): Promise<void> {
    // The cool-down starts here, not when the fetch ends. So after a hanging fetch the next one
    // starts at once.
    attemptedAt = monotonicNow();
    startedFetches += 1;
    const fetchNumber = startedFetches;
    try {
      const loaded = await closing.run((signal) => load(signal, keys));
      for (const [reason, count] of loaded.dropped) report({ type: 'keys_dropped', reason, count });
      // A set without a usable key is a fault of its origin. It must not replace working keys.
      if (loaded.size === 0) throw new Error(`no usable key${describeDropped(loaded)}`);
      keys = loaded;
      loadedAt = monotonicNow();
      lastSuccessfulFetch = fetchNumber;
      refreshAfterMs =
        ttlMs * (refreshAhead.from + random() * (refreshAhead.to - refreshAhead.from));
      pauseMs = cooldownMs;
      lastFailure = undefined;
      report({ type: 'keys_loaded', count: loaded.size, ttlSeconds: ttlMs / 1_000 });
    } catch (cause) {
      pauseMs = pauseAfter(cause, cooldownMs);
      const detail = detailOf(cause);
      lastFailure = new AuthError('upstream_unavailable', {
        cause,
        detail,
        retryAfterSeconds: Math.ceil(pauseMs / 1_000),
      });
      failedAfterMs = monotonicNow() - attemptedAt;
      report({ type: 'keys_unavailable', detail });
    } finally {
      answeredAt = monotonicNow();
    }
  }

  const coolsDownForMs = () => attemptedAt + pauseMs - monotonicNow();
  const usable = () => (monotonicNow() - loadedAt < ttlMs + maximumStaleMs ? keys : undefined);

  /**
   * How long a request with an unknown key is held. The key may be newer than the last fetch, so a
   * request that arrives shortly before the next fetch waits for it.
   */
  function holdForMs({ allowRemote }: VerifyContext): number {
    const remainingMs = coolsDownForMs();
    // In an outage there is nothing to wait for. The answer is 503.
    const isFutile = lastFailure !== undefined || isLoading();
    const isTooMuch = held >= maximumHeld || remainingMs > longestHeldMs || !allowRemote;
    return isFutile || isTooMuch ? 0 : Math.max(0, remainingMs);
  }

  async function hold(milliseconds: number, signal: AbortSignal): Promise<void> {
    held += 1;
    try {
      // Timers may fire a little early.
      await closing.run((closed) =>
        wait(Math.ceil(milliseconds) + 1, AbortSignal.any([signal, closed])),
      );
    } catch (cause) {
      throw new AuthError('upstream_unavailable', { cause, detail: 'the client has disconnected' });
    } finally {
      held -= 1;
    }
  }

  /** Waits for a fetch, but not until a hanging one ends. */
  async function probe(refreshed: Promise<void>, milliseconds: number): Promise<void> {
    const over = new AbortController();
    const enough = wait(milliseconds, over.signal).catch(() => {});
    await Promise.race([refreshed, enough]);
    over.abort();
  }

  async function waitForFetch(signal: AbortSignal): Promise<void> {
    const hung = lastFailure !== undefined && failedAfterMs > longestProbeMs;
    const wasLoading = isLoading();
    const refreshed = refresh();
    // Before the first answer every request waits, because no key is known.
    const areFirst = keys === undefined && lastFailure === undefined;
    if (waiting >= maximumWaiting && !areFirst) return;
    waiting += 1;
    try {
      // Somebody else's fetch may end with their request, and then it never settles.
      const longestMs = hung ? longestProbeMs : attemptedAt + limitMs - monotonicNow();
      const isBounded = hung || (wasLoading && Number.isFinite(limitMs));
      await untilAborted(isBounded ? probe(refreshed, longestMs) : refreshed, signal);
    } finally {
      waiting -= 1;
    }
  }

  async function findAfterRefresh(
    query: KeyQuery,
    context: VerifyContext,
    known: VerificationKey | undefined,
    refused?: VerificationKey,
  ): Promise<VerificationKey> {
    const startedBefore = startedFetches;
    const milliseconds = known === undefined ? holdForMs(context) : 0;
    if (milliseconds > 0) await hold(milliseconds, context.signal);
    if (isLoading() || coolsDownForMs() <= 0) await waitForFetch(context.signal);
    const found = usable()?.find(query);
    if (found !== undefined && found !== refused) return found;
    if (lastFailure === undefined) {
      // Only a fetch that started after the token arrived proves that its key does not exist.
      if (lastSuccessfulFetch > startedBefore) throw unknownKey();
      throw pendingKey(coolsDownForMs());
    }
    // The key was valid when the request arrived, and the outage hides whether it still is.
    if (known !== undefined) return known;
    throw lastFailure;
  }

  return {
    find(query, context) {
      const known = usable()?.find(query);
      // After an idle hour the keys may have been withdrawn, so the origin is asked first. It is not
      // asked again right after a failure.
      if (known === undefined || monotonicNow() - answeredAt >= ttlMs) {
        return findAfterRefresh(query, context, known);
      }
      const isDue = monotonicNow() - loadedAt > refreshAfterMs && coolsDownForMs() <= 0;
      if (isDue && !isLoading()) void refresh();
      return known;
    },

    successor: (query, key, context) => {
      const found = usable()?.find(query);
      const isReplaced = found !== undefined && found !== key;
      return isReplaced ? Promise.resolve(found) : findAfterRefresh(query, context, undefined, key);
    },

    prepare: async () => {
      if (keys === undefined && coolsDownForMs() <= 0) await refresh();
    },

    async close() {
      closing.close();
      await options.close();
    },
  };
}
