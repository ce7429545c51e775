import {
  countFailures,
  createLogFormat,
  dropExpired,
  type FailureLimit,
  type FailureLog,
  waitFor,
} from './window-log.ts';

/** What is left to a key. */
export interface Standing {
  readonly remaining: number;
  /** Milliseconds until one more failure is within the limit; 0 when it is already. */
  readonly waitMs: number;
}

/** Counts the failures of many keys under one limit. Keys have short names. */
export interface FailureCounter {
  readonly limit: FailureLimit;
  /** Keys that are remembered. */
  size(): number;
  read(name: string, now: number): Standing;
  /** A failure that is not counted still keeps its key from being the first to be forgotten. */
  record(name: string, now: number, isCounted: boolean): void;
}

/** Options for {@link createFailureCounter}. */
export interface FailureCounterOptions extends FailureLimit {
  readonly maximumKeys: number;
}

export function createFailureCounter({
  maximumKeys,
  ...limit
}: FailureCounterOptions): FailureCounter {
  const { maximumAttempts, windowMs } = limit;
  const format = createLogFormat(limit);
  // In the order of their last failure, so that the oldest are the first.
  const logs = new Map<string, FailureLog>();
  let nextSweep = Number.NEGATIVE_INFINITY;

  /**
   * Makes room for one more key. In batches, because a `Map` finds its first entry only by passing
   * all that were deleted before it: one at a time costs an attacked server 40 µs per failure.
   */
  function sweep(now: number): void {
    if (now < nextSweep && logs.size < maximumKeys) return;
    nextSweep = now + windowMs / 10;
    let excess = logs.size < maximumKeys ? 0 : Math.ceil(maximumKeys / 100);
    for (const [name, log] of logs) {
      const isLive = dropExpired(log, now, format).length > 0;
      if (isLive && excess <= 0) return;
      logs.delete(name);
      excess -= 1;
    }
  }

  return {
    limit,
    size: () => logs.size,

    read(name, now) {
      const log = dropExpired(logs.get(name) ?? [], now, format);
      return {
        remaining: Math.max(0, maximumAttempts - countFailures(log, format)),
        waitMs: waitFor(log, now, { format, maximumAttempts }),
      };
    },

    record(name, now, isCounted) {
      const log = dropExpired(logs.get(name) ?? [], now, format);
      logs.delete(name);
      sweep(now);
      logs.set(copyOf(name), isCounted ? format.append(log, now) : log);
    },
  };
}

/** A slice keeps alive what it was cut from, such as a long header. This encoding changes nothing. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
