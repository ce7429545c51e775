import type { Effort } from '../rounds/rounds.ts';

/**
 * Fewer and longer slices, for servers and proxies in processes of their own. In a slice of a few hundred requests, each
 * process mostly fills its caches again after the slices of the others. It then costs twice as much as under steady
 * load. All contestants get the same slices.
 */
export function steadyEffort({ rounds, sliceMs, warmUpMs, ringSize }: Effort): Effort {
  return {
    rounds: Math.ceil(rounds * 0.2),
    sliceMs: sliceMs * 6,
    warmUpMs: warmUpMs * 1.5,
    ringSize,
  };
}
