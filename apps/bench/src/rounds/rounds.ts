import { type Rounds, rotate } from './statistics.ts';

/** Something that is measured: a call that is made again and again, with 0, 1, 2 and so on. */
export interface Lane {
  readonly name: string;
  /** Throws, or rejects, where it refuses. */
  readonly call: (index: number) => unknown;
  /** Every single call must end so, or the whole measurement fails. */
  readonly expects: 'acceptance' | 'refusal';
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** For each lane in each round, in milliseconds. */
  readonly sliceMs: number;
  /** For each lane before the first round, in milliseconds. */
  readonly warmUpMs: number;
  /** How many different tokens there are. */
  readonly ringSize: number;
}

/** Microseconds per call: of each lane by its name, of each round. */
export type Timings = ReadonlyMap<string, Rounds>;

/**
 * Times every lane once in each round, in an order that is turned by one from round to round: the
 * machine's good and bad moments fall upon all of them.
 */
export async function measureRounds(
  lanes: readonly Lane[],
  { rounds, sliceMs, warmUpMs }: Effort,
  onRound: (round: number) => void,
): Promise<Timings> {
  const runs = new Map(lanes.map((lane) => [lane.name, { calls: 0, figures: [] as number[] }]));

  async function run(lane: Lane, milliseconds: number): Promise<number> {
    const state = runs.get(lane.name);
    if (state === undefined) throw new RangeError('two lanes have the same name');
    // What others left behind is not to be cleared away in this one's time.
    globalThis.gc?.({ type: 'minor', execution: 'sync' });
    const slice = await timeSlice(lane, state.calls, milliseconds);
    state.calls += slice.calls;
    return (slice.milliseconds * 1_000) / slice.calls;
  }

  for (const lane of lanes) await run(lane, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    onRound(round + 1);
    for (const lane of rotate(lanes, round)) {
      const figure = await run(lane, sliceMs);
      runs.get(lane.name)?.figures.push(figure);
    }
  }
  return new Map([...runs].map(([name, { figures }]) => [name, figures]));
}

interface Slice {
  readonly calls: number;
  readonly accepted: number;
  readonly milliseconds: number;
}

async function timeSlice(lane: Lane, from: number, milliseconds: number): Promise<Slice> {
  const slice = (await answersLater(lane, from))
    ? await timeAwaited(lane, from, milliseconds)
    : timeDirect(lane, from, milliseconds);
  const wanted = lane.expects === 'acceptance' ? slice.calls : 0;
  if (slice.accepted === wanted) return slice;
  throw new Error(`${lane.name} accepted ${slice.accepted} of ${slice.calls}, and not ${wanted}`);
}

/** Whoever answers at once is not made to wait for a promise. */
async function answersLater({ call }: Lane, index: number): Promise<boolean> {
  try {
    const answer = call(index);
    if (!(answer instanceof Promise)) return false;
    await answer.catch(() => {});
    return true;
  } catch {
    return false;
  }
}

/** Calls from one reading of the clock to the next. */
const callsPerReading = 16;

// Twice the same but for `await`, which would cost those who answer at once.

function timeDirect({ call }: Lane, from: number, milliseconds: number): Slice {
  let index = from;
  let accepted = 0;
  let elapsed = 0;
  const start = performance.now();
  do {
    for (const end = index + callsPerReading; index < end; index += 1) {
      try {
        call(index);
        accepted += 1;
      } catch {}
    }
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return { calls: index - from, accepted, milliseconds: elapsed };
}

async function timeAwaited({ call }: Lane, from: number, milliseconds: number): Promise<Slice> {
  let index = from;
  let accepted = 0;
  let elapsed = 0;
  const start = performance.now();
  do {
    for (const end = index + callsPerReading; index < end; index += 1) {
      try {
        await call(index);
        accepted += 1;
      } catch {}
    }
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return { calls: index - from, accepted, milliseconds: elapsed };
}
