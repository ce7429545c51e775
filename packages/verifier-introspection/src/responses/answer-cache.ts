import { hash } from 'node:crypto';
import type { Claims, VerifierReadings } from '@sallyport/core';
import { LRUCache } from 'lru-cache';

/** Options for {@link createAnswerCache}. */
export interface AnswerCacheOptions {
  /** Time to live of an active answer, in milliseconds. 0 disables the cache. */
  readonly ttlMs: number;
  readonly maximumTokens: number;
  /** Monotonic clock, in milliseconds from any start. */
  readonly monotonicNow: () => number;
}

/** Answers of the server by the SHA-256 of the token. Failures are not cached. */
export interface AnswerCache {
  digest(token: string): string;
  /** `undefined` for an unknown token. An answer without claims is about an inactive token. */
  get(digest: string, nowSeconds: number): { readonly claims: Claims | undefined } | undefined;
  set(digest: string, claims: Claims | undefined): void;
  readings(): VerifierReadings;
}

// Long enough for a client that retries at once, and short enough for a token that becomes active.
const inactiveTtlMs = 5_000;

interface Entry {
  readonly claims: Claims;
  readonly until: number;
}

/**
 * Keeps active answers until their time or their `exp` is over (RFC 7662 §4), and inactive ones for 5
 * seconds. Each kind has its own table, so that a flood of inactive tokens does not evict active ones.
 */
export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { ttlMs, maximumTokens, monotonicNow } = options;
  // The memory is allocated with the first answer: a server composes one verifier only to check it.
  let active: LRUCache<string, Entry> | undefined;
  let inactive: LRUCache<string, number> | undefined;
  let cacheHits = 0;
  let cacheMisses = 0;

  function find(digest: string, nowSeconds: number): ReturnType<AnswerCache['get']> {
    const entry = active?.get(digest);
    if (entry !== undefined) {
      const { exp } = entry.claims;
      const isOver = typeof exp === 'number' && nowSeconds >= exp;
      if (monotonicNow() < entry.until && !isOver) return { claims: entry.claims };
      active?.delete(digest);
    }
    const until = inactive?.get(digest);
    if (until !== undefined && monotonicNow() < until) return { claims: undefined };
    return undefined;
  }

  return {
    digest: (token) => hash('sha256', token, 'base64url'),

    get(digest, nowSeconds) {
      const found = find(digest, nowSeconds);
      if (found === undefined) cacheMisses += 1;
      else cacheHits += 1;
      return found;
    },

    set(digest, claims) {
      if (claims === undefined) {
        inactive ??= new LRUCache({ max: maximumTokens });
        inactive.set(digest, monotonicNow() + inactiveTtlMs);
      } else if (ttlMs > 0) {
        active ??= new LRUCache({ max: maximumTokens });
        active.set(digest, { claims, until: monotonicNow() + ttlMs });
      }
    },

    readings: () => ({
      cacheHits,
      cacheMisses,
      cachedTokens: (active?.size ?? 0) + (inactive?.size ?? 0),
    }),
  };
}
