/** How long a token may be: one rule for the guard and the verifiers. */

import { AuthError } from '../errors.ts';
import { type Check, check } from '../options/check.ts';

/** The longest token that is accepted where nothing else is said. */
export const defaultMaximumTokenBytes = 8_192;

// Node's HTTP/2 server accepts about as many bytes of header fields. Its HTTP/1.1 server stops at 16,384.
const largestMaximum = 65_536;

/**
 * Refuses a token by its length alone, before anything that takes longer for a longer one. For those who
 * write a verifier: pass `VerifyContext.maximumTokenBytes`.
 *
 * @param maximumTokenBytes Default 8,192.
 * @throws {AuthError} `token_malformed`. The detail has the size and the limit, and nothing of the token.
 */
export function assertTokenSize(
  token: string,
  maximumTokenBytes: number = defaultMaximumTokenBytes,
): void {
  const { length } = token;
  if (length <= maximumTokenBytes) return;
  const limit = `the limit is ${maximumTokenBytes} bytes (maximumTokenBytes)`;
  throw new AuthError('token_malformed', { detail: `the token has ${length} bytes; ${limit}` });
}

/** The run-time check of an option `maximumTokenBytes`. */
export const maximumTokenBytesCheck: Check = check.optional(
  check.where(
    `must be a whole number from 1024 to ${largestMaximum}`,
    (value) => Number.isInteger(value) && Number(value) >= 1_024 && Number(value) <= largestMaximum,
  ),
);
