/** Figures of the rounds, in the order of the rounds. */
export type Rounds = readonly number[];

/** One figure out of many rounds. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** @throws {RangeError} When there are none. */
export function spreadOf(figures: Rounds): Spread {
  if (figures.length === 0) throw new RangeError('a median needs at least one figure');
  const sorted = figures.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return {
    median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2,
    minimum: at(0),
    maximum: at(last),
  };
}

/** Round by round: a disturbance of a round then changes both sides of its ratio. */
export function ratios(figures: Rounds, divisors: Rounds): Rounds {
  return combine(figures, divisors, (figure, divisor) => figure / divisor);
}

/** Round by round. */
export function differences(figures: Rounds, subtrahends: Rounds): Rounds {
  return combine(figures, subtrahends, (figure, subtrahend) => figure - subtrahend);
}

function combine(a: Rounds, b: Rounds, of: (a: number, b: number) => number): Rounds {
  if (a.length !== b.length) throw new RangeError('these are not of the same rounds');
  return a.map((figure, round) => of(figure, b[round] ?? Number.NaN));
}

/** The same in a circle, beginning `by` places later. */
export function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
