/** Keys that survive their origin: refreshed ahead, kept through an outage, fetched sparingly. */
import { AuthError, type VerifyContext } from '@sallyport/core';
import type { KeyEvent } from '../key-event.ts';
import type { KeySet } from '../key-set.ts';
import type { KeyQuery, KeyRing, VerificationKey } from '../key-source.ts';
import { createClosing } from './closing.ts';
import { describeDropped, detailOf, pauseAfter, pendingKey, unknownKey } from './fetch-outcome.ts';
import { untilAborted } from './until-aborted.ts';

/** Options for {@link createJwksCache}. */
export interface JwksCacheOptions {
  /** Gets the keys. Everything it throws is taken for an outage. */
  readonly load: (signal: AbortSignal, previous: KeySet | undefined) => Promise<KeySet>;
  /** For how long keys are fresh, in milliseconds. */
  readonly ttlMs: number;
  /** For how long after the last success keys are used while the origin is away. */
  readonly maximumStaleMs: number;
  /**
   * Longest time that {@link load} takes, in milliseconds. A fetch that has not ended after it is taken for lost:
   * Workers drop what a request has begun when the client of that request leaves. Default: every fetch ends.
   */
  readonly limitMs?: number;
  /** Least time between two fetches, failed ones included. */
  readonly cooldownMs: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly now: () => number;
  /** From 0 to 1, so that many instances do not all fetch at once. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: (event: KeyEvent) => void;
  readonly close: () => Promise<void>;
}

// Between these parts of its life a set is refreshed in the background, by the request that finds it
// this old: on Cloud Run no timer fires between requests.
const refreshAhead = { from: 0.72, to: 0.88 };
// Of those whose key is not known yet, so many are held until keys may be fetched again, and so many
// wait for a fetch under way, those who were held among them: names can be made up faster than an
// origin answers, and must not fill the memory with requests.
const maximumHeld = 64;
const maximumWaiting = 128;
const longestHeldMs = 2_000;
// An attempt that failed after more than this hung, and so may the next: nobody waits longer for it.
const longestProbeMs = 1_000;

/**
 * Keeps one key set for one verifier.
 *
 * `allowRemote` decides only who is held for a fetch that is not due yet: keys are everybody's, and
 * are fetched at most once per cool-down whoever asks. Holding them back would refuse good tokens
 * because of their neighbours' bad ones.
 */
export function createJwksCache(options: JwksCacheOptions): KeyRing {
  const {
    load,
    limitMs = Number.POSITIVE_INFINITY,
    ttlMs,
    maximumStaleMs,
    cooldownMs,
    now,
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

  const isLoading = () => loading !== undefined && now() - attemptedAt < limitMs;

  async function fetchKeys(): Promise<void> {
    // The pause counts from here: an origin that comes back while somebody still waits for its former
    // self is asked anew as soon as that one is given up.
    attemptedAt = now();
    startedFetches += 1;
    const fetchNumber = startedFetches;
    try {
      const loaded = await closing.run((signal) => load(signal, keys));
      for (const [reason, count] of loaded.dropped) report({ type: 'keys_dropped', reason, count });
      // A set without a usable key is an accident of its origin: it must not lock everybody out.
      if (loaded.size === 0) throw new Error(`no usable key${describeDropped(loaded)}`);
      keys = loaded;
      loadedAt = now();
      lastSuccessfulFetch = fetchNumber;
      refreshAfterMs =
        ttlMs * (refreshAhead.from + random() * (refreshAhead.to - refreshAhead.from));
      pauseMs = cooldownMs;
      lastFailure = undefined;
      report({ type: 'keys_loaded', count: loaded.size });
    } catch (cause) {
      pauseMs = pauseAfter(cause, cooldownMs);
      const detail = detailOf(cause);
      lastFailure = new AuthError('upstream_unavailable', {
        cause,
        detail,
        retryAfterSeconds: Math.ceil(pauseMs / 1_000),
      });
      failedAfterMs = now() - attemptedAt;
      report({ type: 'keys_unavailable', detail });
    } finally {
      answeredAt = now();
    }
  }

  const coolsDownForMs = () => attemptedAt + pauseMs - now();
  const usable = () => (now() - loadedAt < ttlMs + maximumStaleMs ? keys : undefined);

  /**
   * For how long somebody with an unknown key is held: a key may be newer than the last fetch, and
   * those who come shortly before the next one wait for it.
   */
  function holdForMs({ allowRemote }: VerifyContext): number {
    const remainingMs = coolsDownForMs();
    // In an outage there is nothing to wait for: the answer is that we cannot tell.
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
      throw new AuthError('upstream_unavailable', { cause, detail: 'the client has gone' });
    } finally {
      held -= 1;
    }
  }

  /** Waits for a fetch, but not for all of one that hangs. */
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
    // Before there was any answer everybody waits, since nobody is known then.
    const areFirst = keys === undefined && lastFailure === undefined;
    if (waiting >= maximumWaiting && !areFirst) return;
    waiting += 1;
    try {
      // Somebody else's fetch may end with their request, and then it never settles.
      const longestMs = hung ? longestProbeMs : attemptedAt + limitMs - now();
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
      // Only a fetch that started after the token came can prove that its key does not exist.
      if (lastSuccessfulFetch > startedBefore) throw unknownKey();
      throw pendingKey(coolsDownForMs());
    }
    // It was good when the request came, and nobody could say otherwise.
    if (known !== undefined) return known;
    throw lastFailure;
  }

  return {
    find(query, context) {
      const known = usable()?.find(query);
      // Keys of an idle hour may have been withdrawn since: the origin is asked first, unless it was
      // just found away.
      if (known === undefined || now() - answeredAt >= ttlMs) {
        return findAfterRefresh(query, context, known);
      }
      const isDue = now() - loadedAt > refreshAfterMs && coolsDownForMs() <= 0;
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
