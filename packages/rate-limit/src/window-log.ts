/**
 * What is remembered of one key: an entry for each moment at which failures of it stop counting, in
 * order. One number each, which only its {@link LogFormat} can read.
 */
export type FailureLog = readonly number[];

/** How many failures are allowed in any interval of so many milliseconds. */
export interface FailureLimit {
  readonly maximumAttempts: number;
  readonly windowMs: number;
}

/** How entries are written. */
export interface LogFormat {
  /** When the failures of an entry stop counting, in milliseconds. */
  expiryOf(entry: number): number;
  /** How many they are. */
  countOf(entry: number): number;
  /** The log with one more failure, at this time. */
  append(log: FailureLog, time: number): FailureLog;
}

/** No log has more entries: a higher limit must not take more memory. */
const maximumEntries = 10;

export function createLogFormat({ maximumAttempts, windowMs }: FailureLimit): LogFormat {
  return maximumAttempts <= maximumEntries
    ? createExactFormat(windowMs)
    : createSteppedFormat(windowMs);
}

/** An entry for each failure: the time of its expiry. */
function createExactFormat(windowMs: number): LogFormat {
  return {
    expiryOf: (entry) => entry,
    countOf: () => 1,
    // `concat`, because arrays that grow by `push` reserve twice the room.
    append: (log, time) => log.concat(time + windowMs),
  };
}

// More than any limit there is; the rest of 53 bits is enough for a hundred years of steps.
const countRange = 2 ** 18;

/**
 * An entry for each ninth of the window that has failures: they stop counting together, as if all of
 * them had come at its end. So the limit holds in every window, and nobody waits for long.
 */
function createSteppedFormat(windowMs: number): LogFormat {
  const stepMs = windowMs / (maximumEntries - 1);
  const stepOf = (entry: number): number => Math.floor(entry / countRange);
  return {
    expiryOf: (entry) => stepOf(entry) * stepMs + windowMs,
    countOf: (entry) => entry % countRange,
    append(log, time) {
      const step = Math.ceil(time / stepMs);
      const last = log.at(-1);
      return last !== undefined && stepOf(last) === step
        ? log.with(-1, last + 1)
        : log.concat(step * countRange + 1);
    },
  };
}

/** The failures that still count. */
export function dropExpired(log: FailureLog, now: number, { expiryOf }: LogFormat): FailureLog {
  const firstLive = log.findIndex((entry) => expiryOf(entry) > now);
  if (firstLive === 0) return log;
  return firstLive === -1 ? [] : log.slice(firstLive);
}

export function countFailures(log: FailureLog, { countOf }: LogFormat): number {
  return log.reduce((count, entry) => count + countOf(entry), 0);
}

/** Milliseconds until one more failure is within the limit; 0 when it is already. */
export function waitFor(
  log: FailureLog,
  now: number,
  { format, maximumAttempts }: { readonly format: LogFormat; readonly maximumAttempts: number },
): number {
  let excess = countFailures(log, format) - maximumAttempts;
  if (excess < 0) return 0;
  for (const entry of log) {
    excess -= format.countOf(entry);
    if (excess < 0) return format.expiryOf(entry) - now;
  }
  return 0;
}
