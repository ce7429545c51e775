import { ConfigError } from '@sallyport/core';

/** @throws {ConfigError} When it is not a number of seconds from 0.01 to 5. */
export function assertTimeout(option: string, value: number): void {
  if (!(value >= 0.01 && value <= 5)) {
    throw new ConfigError(option, 'must be a number of seconds from 0.01 to 5');
  }
}
