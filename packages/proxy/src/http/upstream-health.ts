/** Whether the upstream is there, for `/health`. */
import type { Dispatcher } from 'undici';
import type { UpstreamHealth } from '../upstream.ts';
import { reasonOf } from './fault.ts';

const timeoutMs = 3_000;
// So that probes of others do not become load on the upstream.
const rememberMs = 1_000;
const ping = JSON.stringify({ jsonrpc: '2.0', id: 'health', method: 'ping' });

/** Options for {@link createHealthCheck}. */
export interface HealthCheckOptions {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  /** Clock, in milliseconds. */
  readonly now: () => number;
}

/**
 * Creates the check. It sends a `ping` without an assertion, at most once a second. Every answer but 5xx counts:
 * a server that refuses the ping is there.
 */
export function createHealthCheck(options: HealthCheckOptions): () => Promise<UpstreamHealth> {
  const { now } = options;
  let latest: { readonly result: Promise<UpstreamHealth>; readonly at: number } | undefined;

  return () => {
    if (latest === undefined || now() - latest.at >= rememberMs) {
      latest = { result: probe(options), at: now() };
    }
    return latest.result;
  };
}

function probe({ dispatcher, origin, path }: HealthCheckOptions): Promise<UpstreamHealth> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    const timer = setTimeout(() => end({ isAvailable: false, reason: 'timeout' }), timeoutMs);

    function end(health: UpstreamHealth): void {
      clearTimeout(timer);
      resolve(health);
      controller?.abort(new Error('the health is known'));
    }

    const request: Dispatcher.DispatchOptions = {
      origin,
      path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: ping,
    };
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
      },
      onResponseStart(_controller, status) {
        if (status < 200) return;
        end(status < 500 ? { isAvailable: true } : { isAvailable: false, reason: 'status' });
      },
      onResponseData() {},
      onResponseEnd() {},
      onResponseError: (_controller, error) => end({ isAvailable: false, reason: reasonOf(error) }),
    });
  });
}
