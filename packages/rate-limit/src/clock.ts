/**
 * A clock that never goes back: where `now` jumps into the past, the new one stands still for a
 * moment and then goes on at the same pace. Milliseconds, from an arbitrary start.
 */
export function createMonotonicClock(now: () => number): () => number {
  let last = now();
  let offset = 0;
  return () => {
    const current = now();
    if (current < last) offset += last - current;
    last = current;
    return current + offset;
  };
}
