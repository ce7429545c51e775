import type { VerificationKey } from './key-source.ts';

/** The key in force, and those that were before it, each for a time of its own. */
export interface KeySuccession {
  current(): VerificationKey;
  /** Those whose time is not over, the latest first. */
  previous(): readonly VerificationKey[];
  /** @param until When the key that is in force now ends, on the clock. */
  replace(next: VerificationKey, until: number): void;
}

const maximumPrevious = 4;
const none: readonly VerificationKey[] = [];

/** @param now Monotonic clock, in milliseconds from any start. */
export function createKeySuccession(first: VerificationKey, now: () => number): KeySuccession {
  let current = first;
  let kept: readonly { readonly key: VerificationKey; readonly until: number }[] = [];
  return {
    current: () => current,

    previous() {
      if (kept.length === 0) return none;
      const time = now();
      kept = kept.filter(({ until }) => time < until);
      return kept.map(({ key }) => key);
    },

    replace(next, until) {
      // A secret that was stored again is no other key: it must push none of the others out.
      if (next.key.equals(current.key)) return;
      const others = kept.filter(({ key }) => !key.key.equals(next.key));
      kept = [{ key: current, until }, ...others].slice(0, maximumPrevious);
      current = next;
    },
  };
}
