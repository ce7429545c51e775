/**
 * What is remembered of one key: an entry for each moment at which events of it stop counting, in
 * order. One number each, which only its {@link LogFormat} can read.
 */
export type WindowLog = readonly number[];

/** How many events are allowed in any interval of so many milliseconds. */
export interface WindowLimit {
  readonly maximum: number;
  readonly windowMs: number;
}

/** How entries are written. */
export interface LogFormat {
  /** When the events of an entry stop counting, in milliseconds. */
  expiryOf(entry: number): number;
  /** How many they are. */
  countOf(entry: number): number;
  /** The log with so many more events, at this time. */
  append(log: WindowLog, time: number, count: number): WindowLog;
}

/** No log has more entries: a higher limit must not take more memory. */
const maximumEntries = 10;

export function createLogFormat({ maximum, windowMs }: WindowLimit): LogFormat {
  return maximum <= maximumEntries ? createExactFormat(windowMs) : createSteppedFormat(windowMs);
}

/** An entry for each event: the time of its expiry. */
function createExactFormat(windowMs: number): LogFormat {
  return {
    expiryOf: (entry) => entry,
    countOf: () => 1,
    // `concat`, because arrays that grow by `push` reserve twice the room.
    append: (log, time, count) => log.concat(new Array<number>(count).fill(time + windowMs)),
  };
}

// More than any limit there is; the rest of 53 bits is enough for a hundred years of steps.
const countRange = 2 ** 18;

/**
 * An entry for each ninth of the window that has events: they stop counting together, as if all of
 * them had come at its end. So the limit holds in every window, and no caller waits for long.
 */
function createSteppedFormat(windowMs: number): LogFormat {
  const stepMs = windowMs / (maximumEntries - 1);
  const stepOf = (entry: number): number => Math.floor(entry / countRange);
  return {
    expiryOf: (entry) => stepOf(entry) * stepMs + windowMs,
    countOf: (entry) => entry % countRange,
    append(log, time, count) {
      const step = Math.ceil(time / stepMs);
      const last = log.at(-1);
      return last !== undefined && stepOf(last) === step
        ? log.with(-1, last + count)
        : log.concat(step * countRange + count);
    },
  };
}

/** The events that still count. */
export function dropExpired(log: WindowLog, now: number, { expiryOf }: LogFormat): WindowLog {
  const firstLive = log.findIndex((entry) => expiryOf(entry) > now);
  if (firstLive === 0) return log;
  return firstLive === -1 ? [] : log.slice(firstLive);
}

export function countEvents(log: WindowLog, { countOf }: LogFormat): number {
  return log.reduce((count, entry) => count + countOf(entry), 0);
}

/** The limit of a log, and how many events are about to come. */
interface WaitContext {
  readonly format: LogFormat;
  readonly maximum: number;
  readonly count: number;
}

/** Milliseconds until so many more events are within the limit: 0 when they already are. */
export function waitFor(
  log: WindowLog,
  now: number,
  { format, maximum, count }: WaitContext,
): number {
  let excess = countEvents(log, format) + count - maximum;
  if (excess <= 0) return 0;
  for (const entry of log) {
    excess -= format.countOf(entry);
    if (excess <= 0) return format.expiryOf(entry) - now;
  }
  // Alone they are more than the limit.
  return Number.POSITIVE_INFINITY;
}
