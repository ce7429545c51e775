/** What is remembered of one key: the times of its counted failures in milliseconds, in order. */
export type FailureLog = readonly number[];

/** The failures that still count: those less than a window ago. */
export function dropExpired(log: FailureLog, now: number, windowMs: number): FailureLog {
  const firstLive = log.findIndex((time) => now - time < windowMs);
  return firstLive === -1 ? [] : log.slice(firstLive);
}

/** Milliseconds until one more failure is within the limit; 0 when it is already. */
export function waitFor(
  log: FailureLog,
  now: number,
  { maxAttempts, windowMs }: { readonly maxAttempts: number; readonly windowMs: number },
): number {
  const blocking = log.at(-maxAttempts);
  return blocking === undefined ? 0 : Math.max(0, windowMs - (now - blocking));
}
