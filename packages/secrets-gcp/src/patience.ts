/** How somebody waits for what others wait for as well. */
import { AuthError } from '@sallyport/core';

/** The reading goes on for the others when one of those who wait for it has gone. */
export async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const leave = () =>
    gone.reject(new AuthError('upstream_unavailable', { detail: 'nobody waits any more' }));
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Waits no longer than the timer, which rejects when its signal aborts. */
export async function atMost(
  timer: (signal: AbortSignal) => Promise<unknown>,
  work: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const enough = timer(over.signal).then(
    () => {},
    () => {},
  );
  try {
    await untilAborted(Promise.race([work, enough]), signal);
  } finally {
    over.abort();
  }
}
