import type { Secret } from '@sallyport/core';

/** Throws when a value cannot be used. */
export type Validate = (name: string, secret: Secret) => void;

/**
 * Runs `validate` and returns what is wrong with the value. It quotes only a `ConfigError`: other
 * messages, such as those of `JSON.parse`, contain the value that they complain about.
 */
export function findProblem(validate: Validate, name: string, secret: Secret): string | undefined {
  try {
    validate(name, secret);
    return undefined;
  } catch (error) {
    const { name: kind, problem } = Object(error) as { name?: unknown; problem?: unknown };
    const isQuotable =
      kind === 'ConfigError' && typeof problem === 'string' && !problem.includes(secret.reveal());
    return isQuotable ? problem : 'it is not valid';
  }
}
