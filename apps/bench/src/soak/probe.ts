/** Loaded into a server under load: says how much memory is in use after a collection, and how late its event loop is. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a server says of itself. */
export interface Sample {
  /** After a full garbage collection, in bytes. */
  readonly heap: number;
  readonly residentSet: number;
  /** Since the last sample, in milliseconds. */
  readonly eventLoopP99: number;
  readonly eventLoopMaximum: number;
}

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

process.on('message', (message) => {
  if (message !== 'sample') return;
  // The delay includes the time between two readings.
  const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  const eventLoopP99 = lateMs(delay.percentile(99));
  const eventLoopMaximum = lateMs(delay.max);
  globalThis.gc?.({ type: 'major', execution: 'sync' });
  const { heapUsed: heap, rss: residentSet } = process.memoryUsage();
  process.send?.({ heap, residentSet, eventLoopP99, eventLoopMaximum } satisfies Sample);
  // The collection itself is not the server's.
  delay.reset();
});
// The server decides when it ends.
process.channel?.unref();
