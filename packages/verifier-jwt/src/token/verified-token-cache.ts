import { hash } from 'node:crypto';
import { ConfigError, type VerifierReadings } from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import type { KeyQuery, KeyRing, VerificationKey } from '../keys/key-source.ts';
import type { ValidClaims } from './validate-claims.ts';

/** Options for the cache of verified tokens. */
export interface TokenCacheOptions {
  /**
   * Number of cached tokens: 0 to 1,000,000. 0 switches the cache off. A token of more than 2,048
   * bytes counts once for every 2,048 bytes. Default 10,000, which needs less than 10 MB.
   */
  readonly maximumTokens?: number;
}

/** A token whose signature held under a key, and whose claims were good. */
interface VerifiedToken {
  readonly valid: ValidClaims;
  readonly ring: KeyRing;
  readonly query: KeyQuery;
  readonly key: VerificationKey;
}

/**
 * The verified tokens of one verifier, by their SHA-256. The tokens themselves are not stored. A full
 * cache evicts the token that was added first. Moving each hit to the front would cost as much as
 * finding it.
 */
export interface VerifiedTokens {
  digest(token: string): string;
  /** A token that is valid at this time without tolerance. The caller must check its key. */
  get(digest: string, nowSeconds: number): VerifiedToken | undefined;
  /** @param bytes The length of the token. */
  set(digest: string, token: VerifiedToken, bytes?: number): void;
  readings(): VerifierReadings;
}

// A token up to this size counts once. Most tokens are shorter.
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
  // Allocated with the first token: the trial at start-up creates a verifier that sees none.
  let tokens: LRUCache<string, VerifiedToken> | undefined;
  let cacheHits = 0;
  let cacheMisses = 0;
  return {
    digest: (token) => hash('sha256', token, 'base64url'),

    get(digest, nowSeconds) {
      const token = tokens?.peek(digest);
      if (token !== undefined && nowSeconds >= token.valid.startsAt) {
        if (nowSeconds < token.valid.expiresAt) {
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
