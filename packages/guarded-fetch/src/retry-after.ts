const longestSeconds = 3_600;

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3) in its form of seconds. Dates are not read: they depend
 * on two clocks.
 */
export function readRetryAfter(value: string | null): number | undefined {
  if (value === null || !/^\d{1,9}$/.test(value)) return undefined;
  return Math.min(Number(value), longestSeconds);
}
