import type { Effort } from '../rounds/rounds.ts';

/**
 * Fewer and longer slices, for processes that stand in a line: proxy, server and child. In a slice of a few hundred
 * requests, each of them mostly fills its caches again after the slices of the others, and costs twice as much as
 * under steady load. All contestants get the same.
 */
export function steadyEffort({ rounds, sliceMs, warmUpMs, ringSize }: Effort): Effort {
  return {
    rounds: Math.ceil(rounds * 0.2),
    sliceMs: sliceMs * 6,
    warmUpMs: warmUpMs * 1.5,
    ringSize,
  };
}
