import { setTimeout as wait } from 'node:timers/promises';

/** Waits before each request, so that no second has more than a number of them. */
export function createPace(perSecond: number): () => Promise<void> {
  const gapMs = 1_000 / perSecond;
  let next = performance.now();
  return async () => {
    const now = performance.now();
    const begins = Math.max(next, now);
    next = begins + gapMs;
    if (begins - now >= 1) await wait(begins - now);
  };
}
