/** How a caller waits for work that other callers wait for as well. */
import { AuthError } from '@sallyport/core';

/** Waits until the signal aborts. The work goes on for the other callers. */
export async function waitUntilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const leave = () =>
    aborted.reject(new AuthError('upstream_unavailable', { detail: 'the caller no longer waits' }));
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Waits no longer than the timer, which must reject when its signal aborts. */
export async function waitAtMost(
  timer: (signal: AbortSignal) => Promise<unknown>,
  reading: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const elapsed = timer(over.signal).then(
    () => {},
    () => {},
  );
  try {
    await waitUntilAborted(Promise.race([reading, elapsed]), signal);
  } finally {
    over.abort();
  }
}
