import { ConfigError } from '@sallyport/core';

/** Collects all problems of a configuration, so that one start shows them all. */
export interface Problems {
  /** Remembers a problem, unless there is one with the same variable: that comes first. */
  add(variable: string, problem: string): void;
  /** `undefined` when it throws a `ConfigError`, which is remembered. */
  attempt<Value>(build: () => Value): Value | undefined;
  /** Remembers what is no mistake of the configuration: starting again may help. */
  addOutage(message: string): void;
  any(): boolean;
  /** Also a problem of an entry of its list. */
  has(variable: string): boolean;
  /** @throws {AggregateError} Of one `ConfigError` per problem, and an `Error` per outage. */
  throwIfAny(): void;
}

export function createProblems(): Problems {
  const errors = new Map<string, Error>();

  function add(variable: string, problem: string): void {
    if (!errors.has(variable)) errors.set(variable, new ConfigError(variable, problem));
  }

  return {
    add,

    attempt(build) {
      try {
        return build();
      } catch (error) {
        const { option, problem } = toConfigError(error);
        add(option, problem);
        return undefined;
      }
    },

    addOutage: (message) => void errors.set(message, new Error(message)),
    any: () => errors.size > 0,
    has: (variable) =>
      errors.has(variable) || [...errors.keys()].some((name) => name.startsWith(`${variable}[`)),

    throwIfAny() {
      if (errors.size === 0) return;
      const lines = [...errors.values()].map(({ message }) => `  ${message}`);
      throw new AggregateError(
        errors.values(),
        `The configuration cannot be used.\n${lines.join('\n')}`,
      );
    },
  };
}

/** Asked and not `instanceof`: a second installed copy of core has another class. */
export function toConfigError(error: unknown): Pick<ConfigError, 'option' | 'problem'> {
  if (!isConfigError(error)) throw error;
  const { option, problem } = error;
  return { option, problem };
}

export function isConfigError(error: unknown): error is Pick<ConfigError, 'option' | 'problem'> {
  const { name, option, problem } = Object(error) as Readonly<Record<string, unknown>>;
  return name === 'ConfigError' && typeof option === 'string' && typeof problem === 'string';
}
