import type { VerificationKey } from './key-source.ts';

/** The current key, and previous keys with the end of each grace period. */
export interface KeySuccession {
  current(): VerificationKey;
  /** Previous keys whose grace period has not ended, the latest first. */
  previous(): readonly VerificationKey[];
  /** @param until When the grace period of the current key ends, on the monotonic clock. */
  replace(next: VerificationKey, until: number): void;
}

const maximumPrevious = 4;
const none: readonly VerificationKey[] = [];

/** @param monotonicNow Monotonic clock, in milliseconds from any start. */
export function createKeySuccession(
  first: VerificationKey,
  monotonicNow: () => number,
): KeySuccession {
  let current = first;
  let kept: readonly { readonly key: VerificationKey; readonly until: number }[] = [];
  return {
    current: () => current,

    previous() {
      if (kept.length === 0) return none;
      const time = monotonicNow();
      kept = kept.filter(({ until }) => time < until);
      return kept.map(({ key }) => key);
    },

    replace(next, until) {
      // A secret that was only stored again must not evict a previous key.
      if (next.key.equals(current.key)) return;
      const others = kept.filter(({ key }) => !key.key.equals(next.key));
      kept = [{ key: current, until }, ...others].slice(0, maximumPrevious);
      current = next;
    },
  };
}
