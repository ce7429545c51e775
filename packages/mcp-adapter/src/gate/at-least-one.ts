import { ConfigError } from '@sallyport/core';

/** @throws {ConfigError} When one of these options of the gate is not a whole number of at least 1. */
export function assertAtLeastOne(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new ConfigError(`gate.${name}`, 'must be a whole number of at least 1');
    }
  }
}
