import { ConfigError } from '@sallyport/core';

/** @throws {ConfigError} */
export function assertRange(option: string, value: number, maximum: number): void {
  if (typeof value !== 'number' || !(value >= 1 && value <= maximum)) {
    throw new ConfigError(option, `must be a number from 1 to ${maximum}`);
  }
}

/** @throws {ConfigError} */
export function assertInteger(option: string, value: number, maximum: number): void {
  if (!Number.isInteger(value) || !(value >= 1 && value <= maximum)) {
    throw new ConfigError(option, `must be an integer from 1 to ${maximum}`);
  }
}
