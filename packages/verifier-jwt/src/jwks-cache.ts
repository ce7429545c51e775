/** Keys that survive their origin: refreshed ahead, kept through an outage, fetched sparingly. */
import { AuthError, type VerifyContext } from '@sallyport/core';
import type { KeySet } from './key-set.ts';
import type { KeyQuery, KeyRing, VerificationKey } from './key-source.ts';

/** Options for {@link createJwksCache}. */
export interface JwksCacheOptions {
  /** Gets the keys. Everything it throws is taken for an outage. */
  readonly load: (signal: AbortSignal) => Promise<KeySet>;
  /** For how long keys are fresh, in milliseconds. */
  readonly ttlMs: number;
  /** For how long after the last success keys are used while the origin is away. */
  readonly maximumStaleMs: number;
  /** Least time between two fetches, failed ones included. */
  readonly cooldownMs: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly now: () => number;
  readonly close: () => Promise<void>;
}

// From here on a set is refreshed in the background, by the request that finds it this old: on
// Cloud Run no timer fires between requests.
const refreshAheadAt = 0.8;

/**
 * Keeps one key set for one verifier.
 *
 * `allowRemote` plays no part: keys are everybody's, and are fetched at most once per cool-down
 * whoever asks. Holding them back would refuse good tokens because of their neighbours' bad ones.
 */
export function createJwksCache(options: JwksCacheOptions): KeyRing {
  const { load, ttlMs, maximumStaleMs, cooldownMs, now } = options;
  const closed = new AbortController();
  let keys: KeySet | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let lastFailure: AuthError | undefined;
  let loading: Promise<void> | undefined;

  /** At most one fetch at a time. Never rejects: how it ended is in `lastFailure`. */
  function refresh(): Promise<void> {
    loading ??= fetchKeys().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function fetchKeys(): Promise<void> {
    try {
      const loaded = await load(closed.signal);
      // A set without a usable key is an accident of its origin: it must not lock everybody out.
      if (loaded.size === 0) throw new Error('no usable key');
      keys = loaded;
      loadedAt = now();
      lastFailure = undefined;
    } catch (cause) {
      lastFailure = new AuthError('upstream_unavailable', {
        cause,
        detail: detailOf(cause),
        retryAfterSeconds: cooldownMs / 1_000,
      });
    } finally {
      // A slow failure counts from its end, or a hanging origin would be asked without a pause.
      attemptedAt = now();
    }
  }

  const coolsDown = () => now() - attemptedAt < cooldownMs;
  const usable = () => (now() - loadedAt < ttlMs + maximumStaleMs ? keys : undefined);

  return {
    async find(query: KeyQuery, { signal }: VerifyContext): Promise<VerificationKey> {
      const age = now() - loadedAt;
      const known = usable()?.find(query);
      // Keys of an idle hour may have been withdrawn since: the origin is asked first, unless it was
      // just found away.
      if (known !== undefined && now() - attemptedAt < ttlMs) {
        if (age > ttlMs * refreshAheadAt && loading === undefined && !coolsDown()) void refresh();
        return known;
      }
      if (loading !== undefined || !coolsDown()) await untilAborted(refresh(), signal);
      const found = usable()?.find(query);
      if (found !== undefined) return found;
      // Only who has just seen the keys can say that there is no such key.
      if (lastFailure !== undefined) throw lastFailure;
      throw new AuthError('token_key_unknown');
    },

    async close() {
      closed.abort();
      await options.close();
    },
  };
}

/** The fetch goes on for the others when one of those who wait for it has gone. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const leave = () =>
    gone.reject(new AuthError('upstream_unavailable', { detail: 'the client has gone' }));
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function detailOf(cause: unknown): string {
  const { detail } = cause as { detail?: unknown };
  return `keys: ${typeof detail === 'string' ? detail : (cause as Error).message}`;
}
