import { AuthError } from '@sallyport/core';

/**
 * Waits for shared work until the signal aborts. The work goes on for other requests.
 *
 * @throws {AuthError} `upstream_unavailable` once the signal aborts.
 */
export async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const leave = () =>
    gone.reject(new AuthError('upstream_unavailable', { detail: 'the client has disconnected' }));
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
