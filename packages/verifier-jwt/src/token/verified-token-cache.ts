import { hash } from 'node:crypto';
import { ConfigError, type VerifierReadings } from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import type { KeyQuery, KeyRing, VerificationKey } from '../keys/key-source.ts';
import type { JudgedClaims } from './validate-claims.ts';

/** What is remembered of verified tokens. */
export interface TokenCacheOptions {
  /**
   * A whole number of 0 to 1,000,000; 0 remembers nothing. A token of more than 2,048 bytes counts once for
   * every 2,048 bytes of it, so long tokens take no more memory. Default 10,000: less than 10 MB for tokens of
   * the usual size.
   */
  readonly maximumTokens?: number;
}

/** A token whose signature held under a key, and whose claims were good. */
interface VerifiedToken {
  readonly judged: JudgedClaims;
  readonly ring: KeyRing;
  readonly query: KeyQuery;
  readonly key: VerificationKey;
}

/**
 * The verified tokens of one verifier, by their SHA-256: no token is kept, and none can be made to
 * collide with another. When it is full the oldest goes first; to put every hit in front would cost
 * as much as to find it.
 */
export interface VerifiedTokens {
  digest(token: string): string;
  /** A token that holds at this time without any tolerance. Whether its key does is to be asked. */
  get(digest: string, nowSeconds: number): VerifiedToken | undefined;
  /** @param bytes The length of the token. */
  set(digest: string, token: VerifiedToken, bytes?: number): void;
  readings(): VerifierReadings;
}

// A token of this size or less counts once. Most are shorter.
const bytesPerToken = 2_048;

const nothing: VerifiedTokens = {
  digest: () => '',
  get: () => undefined,
  set: () => {},
  readings: () => ({ cacheHits: 0, cacheMisses: 0, cachedTokens: 0 }),
};

/** @throws {ConfigError} When the number is out of range. */
export function createVerifiedTokens({
  maximumTokens = 10_000,
}: TokenCacheOptions): VerifiedTokens {
  if (!(Number.isInteger(maximumTokens) && maximumTokens >= 0 && maximumTokens <= 1_000_000)) {
    throw new ConfigError('jwt.cache.maximumTokens', 'must be a whole number from 0 to 1000000');
  }
  if (maximumTokens === 0) return nothing;
  // The memory is allocated with the first token: a server composes one verifier only to check it.
  let tokens: LRUCache<string, VerifiedToken> | undefined;
  let cacheHits = 0;
  let cacheMisses = 0;
  return {
    digest: (token) => hash('sha256', token, 'base64url'),

    get(digest, nowSeconds) {
      const token = tokens?.peek(digest);
      if (token !== undefined && nowSeconds >= token.judged.startsAt) {
        if (nowSeconds < token.judged.expiresAt) {
          cacheHits += 1;
          return token;
        }
        tokens?.delete(digest);
      }
      cacheMisses += 1;
      return undefined;
    },

    set(digest, token, bytes = 0) {
      tokens ??= new LRUCache({ max: maximumTokens, maxSize: maximumTokens });
      tokens.set(digest, token, { size: Math.max(1, Math.ceil(bytes / bytesPerToken)) });
    },

    readings: () => ({ cacheHits, cacheMisses, cachedTokens: tokens?.size ?? 0 }),
  };
}
