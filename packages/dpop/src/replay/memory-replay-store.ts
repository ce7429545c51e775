import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { ReplayStore } from './replay-store.ts';

/** Options for {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  /** How many proofs are remembered: 100 to 10,000,000. Default 100,000: less than 50 MB. */
  readonly maximumEntries?: number;
}

/** Until when proofs of one key would be good, in the order in which they came. */
type ProofsOfKey = Map<string, number>;

/** How often all of it is searched for what has expired, at most. */
const sweepEverySeconds = 10;

const optionChecks: Checks<MemoryReplayStoreOptions> = {
  maximumEntries: check.optional(check.number),
};

/**
 * Remembers the proofs of this process.
 *
 * When it is full, the key that has most loses its oldest proof, where that is more than its share, and
 * otherwise the key that was not used for longest. No proof is refused: one busy client would lock out the others.
 *
 * @throws {ConfigError} `dpop.replay.maximumEntries` when it is out of range.
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const { maximumEntries = 100_000 } = checkOptions('dpop.replay', options, optionChecks);
  if (
    !(Number.isInteger(maximumEntries) && maximumEntries >= 100 && maximumEntries <= 10_000_000)
  ) {
    throw new ConfigError(
      'dpop.replay.maximumEntries',
      'must be a whole number from 100 to 10000000',
    );
  }
  // The key that was used last is last.
  const keys = new Map<string, ProofsOfKey>();
  // The key with the most proofs. A client with two keys must not fill the memory with one of them and push
  // others out with the second.
  let greediest = '';
  let size = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;

  function forget(thumbprint: string, proofs: ProofsOfKey, id: string): void {
    if (proofs.delete(id)) size -= 1;
    if (proofs.size === 0) keys.delete(thumbprint);
  }

  function sweep(nowSeconds: number): void {
    sweptAt = nowSeconds;
    for (const [thumbprint, proofs] of keys) {
      for (const [id, expiresAt] of proofs) {
        if (expiresAt < nowSeconds) forget(thumbprint, proofs, id);
      }
    }
  }

  function makeRoom(nowSeconds: number): void {
    if (Math.abs(nowSeconds - sweptAt) >= sweepEverySeconds) sweep(nowSeconds);
    if (size < maximumEntries) return;
    const isGreedy = sizeOf(greediest) > maximumEntries / keys.size;
    const [victim = ''] = isGreedy ? [greediest] : keys.keys();
    const proofs = keys.get(victim);
    const [oldest] = proofs?.keys() ?? [];
    if (proofs !== undefined && oldest !== undefined) forget(victim, proofs, oldest);
  }

  const sizeOf = (thumbprint: string): number => keys.get(thumbprint)?.size ?? 0;

  return {
    async remember({ id, thumbprint, expiresAt }, nowSeconds) {
      const known = keys.get(thumbprint)?.get(id);
      if (known !== undefined && nowSeconds <= known) return false;
      if (size >= maximumEntries) makeRoom(nowSeconds);
      const proofs = keys.get(thumbprint) ?? new Map<string, number>();
      forget(thumbprint, proofs, id);
      proofs.set(id, expiresAt);
      size += 1;
      keys.delete(thumbprint);
      keys.set(thumbprint, proofs);
      if (proofs.size > sizeOf(greediest)) greediest = thumbprint;
      return true;
    },
  };
}
