/** Which keys seal and open while a new version of the sealing key spreads among the instances. */
import type { Secret } from '@sallyport/core';

/** The keys in force. */
export interface SealingKeys {
  /** The key that seals first. */
  read(): Secret | readonly [Secret, Secret];
  /** Takes a new version. It opens at once. It seals when every instance has it. */
  replace(next: Secret): void;
}

// A backend asks again after a day and a tenth at the latest.
const spreadMs = 27 * 3_600_000;

/** @param now Clock, in milliseconds since the epoch. */
export function createSealingKeys(
  current: Secret,
  previous: Secret | undefined,
  now: () => number = Date.now,
): SealingKeys {
  let seals = current;
  let opens = previous;
  let next: { readonly key: Secret; readonly sealsFrom: number } | undefined;
  return {
    read() {
      if (next !== undefined && now() >= next.sealsFrom) {
        opens = seals;
        seals = next.key;
        next = undefined;
      }
      return opens === undefined ? seals : [seals, opens];
    },

    replace(key) {
      opens = key;
      next = { key, sealsFrom: now() + spreadMs };
    },
  };
}
