/** Limits the bodies that the gate reads of callers without a token. */
import type { EventListener } from '@sallyport/core';
import type { ReadMessage } from '../body/read-message.ts';
import type { GateRequest } from '../gate/gate-request.ts';

/** Options for {@link createBoundedReads}. */
export interface BoundedReadsOptions {
  readonly maximumRequestsPerMinute: number;
  /** Never throws. */
  readonly report: EventListener;
  /** How long one read may take. Default 5 seconds. */
  readonly timeoutMs?: number;
  /** Clock, in milliseconds. */
  readonly now: () => number;
}

/** The bounded reads of one gate. */
export interface BoundedReads {
  /** @returns `undefined`: a limit is reached, and nothing was read. */
  read(
    request: GateRequest,
    readMessage: (request: Pick<GateRequest, 'readJson'>) => Promise<ReadMessage>,
  ): Promise<ReadMessage | undefined>;
}

const maximumAtOnce = 128;
const maximumAtOncePerAddress = 16;
const windowMs = 60_000;
// Further addresses of one minute share one count.
const maximumAddresses = 10_000;

export function createBoundedReads(options: BoundedReadsOptions): BoundedReads {
  const { maximumRequestsPerMinute, report, timeoutMs = 5_000, now } = options;
  const underWay = new Map<string, number>();
  let total = 0;
  let counts = new Map<string, number>();
  let windowStart = Number.NEGATIVE_INFINITY;
  let hasReported = false;

  /** @returns The limit that is reached. */
  function count(address: string): string | undefined {
    // The clock may also be set back.
    if (Math.abs(now() - windowStart) >= windowMs) {
      counts = new Map();
      windowStart = now();
      hasReported = false;
    }
    if (total >= maximumAtOnce) return 'reads';
    if ((underWay.get(address) ?? 0) >= maximumAtOncePerAddress) return 'reads_of_address';
    const key = counts.has(address) || counts.size < maximumAddresses ? address : 'others';
    const requests = (counts.get(key) ?? 0) + 1;
    if (requests > maximumRequestsPerMinute) return 'requests_of_address';
    counts.set(key, requests);
    return undefined;
  }

  function noteLimit(limit: string): void {
    if (!hasReported) report({ type: 'anonymous_limited', limit });
    hasReported = true;
  }

  return {
    async read(request, readMessage) {
      const { clientAddress, signal } = request;
      const limit = count(clientAddress);
      if (limit !== undefined) {
        noteLimit(limit);
        return undefined;
      }
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), timeoutMs);
      total += 1;
      underWay.set(clientAddress, (underWay.get(clientAddress) ?? 0) + 1);
      try {
        return await readMessage({
          readJson: (maximumBytes) => request.readJson(maximumBytes, { stop: stop.signal }),
        });
      } catch (error) {
        if (!stop.signal.aborted || signal.aborted) throw error;
        noteLimit('time');
        return { ok: false, fault: 'body_too_large' };
      } finally {
        clearTimeout(timer);
        total -= 1;
        const left = (underWay.get(clientAddress) ?? 1) - 1;
        if (left > 0) underWay.set(clientAddress, left);
        else underWay.delete(clientAddress);
      }
    },
  };
}
