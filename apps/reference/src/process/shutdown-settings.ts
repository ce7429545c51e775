import { ConfigError } from '@sallyport/core';
import type { Variables } from '../development/local-sign-in.ts';

const name = 'SHUTDOWN_GRACE_SECONDS';
const longestSeconds = 300;

/**
 * Reads how long the server still serves after SIGTERM, while `/health` is 503. Default 0.
 *
 * @throws {ConfigError} When it is no whole number from 0 to 300.
 */
export function readGraceSeconds(variables: Variables): number {
  const text = variables[name]?.trim() || '0';
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= longestSeconds) return seconds;
  throw new ConfigError(name, `must be a whole number of seconds from 0 to ${longestSeconds}`);
}
