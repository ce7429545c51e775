import { ConfigError } from '@sallyport/core';

/** @throws {ConfigError} When it is not a number of milliseconds from 10 to 5,000. */
export function assertTimeout(option: string, value: number): void {
  if (!(value >= 10 && value <= 5_000)) {
    throw new ConfigError(option, 'must be a number of milliseconds from 10 to 5000');
  }
}
