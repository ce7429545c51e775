import {
  countEvents,
  createLogFormat,
  dropExpired,
  type WindowLimit,
  type WindowLog,
  waitFor,
} from './window-log.ts';

/** What is left to a key. */
export interface Standing {
  readonly remaining: number;
  /** Milliseconds until the events are within the limit; 0 when they are already. */
  readonly waitMs: number;
}

/** Counts events of many keys under one limit: failures or calls. Keys have short names. */
export interface WindowCounter {
  readonly limit: WindowLimit;
  /** Keys that are remembered. */
  size(): number;
  /** @param count How many events are about to come. Default 1. */
  read(name: string, now: number, count?: number): Standing;
  /**
   * @param count How many events came. Those that are refused are 0, which still keeps their key from being the
   *   first to be forgotten.
   */
  record(name: string, now: number, count: number): void;
}

/** Options for {@link createWindowCounter}. */
export interface WindowCounterOptions extends WindowLimit {
  readonly maximumKeys: number;
}

export function createWindowCounter({
  maximumKeys,
  ...limit
}: WindowCounterOptions): WindowCounter {
  const { maximum, windowMs } = limit;
  const format = createLogFormat(limit);
  // In the order of their last event, so that the oldest are the first.
  const logs = new Map<string, WindowLog>();
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

    read(name, now, count = 1) {
      const log = dropExpired(logs.get(name) ?? [], now, format);
      return {
        remaining: Math.max(0, maximum - countEvents(log, format)),
        waitMs: waitFor(log, now, { format, maximum, count }),
      };
    },

    record(name, now, count) {
      const log = dropExpired(logs.get(name) ?? [], now, format);
      logs.delete(name);
      sweep(now);
      logs.set(copyOf(name), count > 0 ? format.append(log, now, count) : log);
    },
  };
}

/** A slice keeps alive what it was cut from, such as a long header. This encoding changes nothing. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
