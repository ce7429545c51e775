/** What every limit in Redis does when Redis does not answer. */
import { createReporter } from '@sallyport/core';
import { type Breaker, createBreaker } from './breaker.ts';
import type { RateLimitEvent } from './rate-limit-event.ts';
import type { RedisClient } from './redis-client.ts';

/** Options for {@link createSharedBreaker}. */
export interface SharedBreakerOptions {
  readonly client: RedisClient;
  readonly timeoutSeconds: number;
  readonly monotonicNow: () => number;
  readonly onEvent: ((event: RateLimitEvent) => void) | undefined;
  /** What is limited, where it is not failures. */
  readonly limits?: 'calls';
}

const probeEveryMs = 500;
// Errors of a server that is not Redis, has another role, or answers another command.
const needsNewConnection: ReadonlySet<string> = new Set([
  ...['unexpected_answer', 'timeout', 'ERR', 'MOVED', 'READONLY', 'WRONGTYPE'],
]);

/** A breaker that reports outages, and drops a connection that cannot be trusted. */
export function createSharedBreaker(options: SharedBreakerOptions): Breaker {
  const { client, timeoutSeconds, monotonicNow, limits } = options;
  const tell = createReporter<RateLimitEvent>(options.onEvent);
  const about = limits === undefined ? {} : { limits };
  return createBreaker({
    timeoutMs: timeoutSeconds * 1_000,
    probeEveryMs,
    monotonicNow,
    onFailure: (reason) => {
      if (needsNewConnection.has(reason)) client.dropConnection?.();
    },
    onOpen: (reason) => tell({ type: 'redis_unavailable', ...about, reason }),
    onClose: (outageMs) =>
      tell({ type: 'redis_available', ...about, outageSeconds: Math.ceil(outageMs / 1_000) }),
  });
}
