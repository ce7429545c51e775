/** What a soak found, and whether it is within the limits. Pure. */
import type { Caller } from './callers.ts';
import type { LoadResult } from './load.ts';
import type { Sample } from './probe.ts';

/** A sample, and when it was taken, in seconds since the start. */
export interface TimedSample extends Sample {
  readonly at: number;
}

/** One line of the last table. */
export interface Check {
  readonly what: string;
  readonly found: string;
  readonly limit: string;
  readonly isRight: boolean;
}

const mebibyte = 1_024 * 1_024;

/** Limits. Memory may grow by a part of itself, and by a little. */
const limits = {
  heap: { part: 0.05, bytes: 2 * mebibyte },
  residentSet: { part: 0.1, bytes: 10 * mebibyte },
  addedLatencyMs: 50,
  eventLoopP99Ms: 50,
  /** Fewer samples have no slope. */
  fewestSamples: 4,
} as const;

/** @returns The value that `part` of all are at most. `NaN` without any. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** The slope that the median of all pairs has (Theil–Sen): a few strange samples do not change it. */
export function robustSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  return percentile(slopes, 0.5);
}

/** How much a figure grows over all samples, by its slope. */
function growthOf(samples: readonly TimedSample[], figure: (sample: Sample) => number): number {
  const seconds = (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
  return robustSlope(samples.map((sample) => [sample.at, figure(sample)])) * seconds;
}

const inMebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;

function judgeMemory(
  what: string,
  samples: readonly TimedSample[],
  figure: (sample: Sample) => number,
  { part, bytes }: { readonly part: number; readonly bytes: number },
): Check {
  const growth = growthOf(samples, figure);
  const middle = percentile(samples.map(figure), 0.5);
  const limit = middle * part + bytes;
  return {
    what,
    found: `${inMebibytes(growth)} on ${inMebibytes(middle)}`,
    limit: inMebibytes(limit),
    isRight: samples.length >= limits.fewestSamples && growth <= limit,
  };
}

/** Memory and event loop of one server, after the warm-up. */
export function judgeServer(name: string, samples: readonly TimedSample[]): readonly Check[] {
  const late = percentile(
    samples.map(({ eventLoopP99 }) => eventLoopP99),
    0.5,
  );
  return [
    judgeMemory(`${name}: growth of the heap`, samples, ({ heap }) => heap, limits.heap),
    judgeMemory(
      `${name}: growth of the resident set`,
      samples,
      ({ residentSet }) => residentSet,
      limits.residentSet,
    ),
    {
      what: `${name}: event-loop delay, 99th percentile`,
      found: `${late.toFixed(1)} ms`,
      limit: `${limits.eventLoopP99Ms} ms`,
      isRight: late <= limits.eventLoopP99Ms,
    },
  ];
}

/** The answers of every kind of caller. */
export function judgeAnswers(
  callers: readonly Pick<Caller, 'name' | 'right'>[],
  { answers }: LoadResult,
): readonly Check[] {
  return callers.map(({ name, right }) => {
    const own = [...(answers.get(name) ?? [])].toSorted();
    return {
      what: name,
      found: own.map(([answer, count]) => `${answer} × ${count}`).join(', ') || 'none',
      limit: right.join(', '),
      isRight: own.length > 0 && own.every(([answer]) => right.includes(answer)),
    };
  });
}

/** Whether the machine is fast enough for the load. Where it is not, the other figures say little. */
export function judgeMachine({ lateMs }: LoadResult): Check {
  return {
    what: 'this machine: delay of the load generator, 99th percentile',
    found: `${lateMs.toFixed(1)} ms`,
    limit: `${limits.eventLoopP99Ms} ms`,
    isRight: lateMs <= limits.eventLoopP99Ms,
  };
}

/** What floods cost valid callers. */
export function judgeLatency({ latencies: { quiet, flood } }: LoadResult): Check {
  const [without, beside] = [percentile(quiet, 0.99), percentile(flood, 0.99)];
  const added = beside - without;
  return {
    what: 'valid callers: added latency at the 99th percentile',
    found: `${added.toFixed(1)} ms (${without.toFixed(1)} without floods, ${beside.toFixed(1)} beside them)`,
    limit: `${limits.addedLatencyMs} ms`,
    isRight: added <= limits.addedLatencyMs,
  };
}
