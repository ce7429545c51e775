/** Ends the stream of a response of `node:http` or `node:http2` with its lease. */
import type { StreamLease } from './stream-lease.ts';

/** The part of a response that a stream is written to. */
export interface StreamWriter {
  readonly headersSent: boolean;
  /** Not known in HTTP/2. */
  readonly closed?: boolean;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** Watches the lease for as long as the response is open. */
export function endWithLease(response: StreamWriter, lease: StreamLease): void {
  const stop = lease.watch(() => {
    // A call that has not begun its answer will write it in one piece.
    if (lease.isOfCall && !response.headersSent) return false;
    // The server behind the gate may not have noticed yet, and write on.
    response.on('error', () => {});
    if (response.headersSent) response.end();
    else response.destroy();
    return true;
  });
  if (response.closed === true) stop();
  else response.once('close', stop);
}
