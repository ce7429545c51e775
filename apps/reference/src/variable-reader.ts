import { ConfigError } from '@sallyport/core';
import { closest } from 'fastest-levenshtein';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads variables one by one, and remembers every problem. */
export class VariableReader {
  readonly #variables: Variables;
  readonly #problems: ConfigError[] = [];

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** The trimmed value; `undefined` when it is absent, empty or white space. */
  text(name: string): string | undefined {
    return this.#variables[name]?.trim() || undefined;
  }

  required(name: string, cure: string): string {
    const value = this.text(name);
    if (value === undefined) this.problem(name, `is missing. ${cure}`);
    return value ?? '';
  }

  integer(
    name: string,
    { minimum, maximum, fallback }: { minimum: number; maximum: number; fallback: number },
  ): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= minimum && number <= maximum) return number;
    this.problem(name, `must be a whole number from ${minimum} to ${maximum}`);
    return fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (value !== 'true' && value !== 'false') this.problem(name, 'must be true or false');
    return value !== 'false';
  }

  /** Separated by commas or spaces. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? '').split(/[\s,]+/).filter(Boolean);
  }

  hasAny(prefix: string): boolean {
    return Object.keys(this.#variables).some(
      (name) => name.startsWith(prefix) && this.text(name) !== undefined,
    );
  }

  refuseUnless(name: string, fits: (value: string) => boolean, problem: string): void {
    const value = this.text(name)?.toLowerCase();
    if (value !== undefined && !fits(value)) this.problem(name, problem);
  }

  /** A misspelt name must not silently leave a default in force. */
  refuseUnknown(prefix: string, suffixes: readonly string[]): void {
    const known = suffixes.map((suffix) => `${prefix}${suffix}`);
    for (const name of Object.keys(this.#variables)) {
      if (name.startsWith(prefix) && !known.includes(name)) {
        this.problem(name, `is no variable of this server. Did you mean ${closest(name, known)}?`);
      }
    }
  }

  problem(name: string, problem: string): void {
    this.#problems.push(new ConfigError(name, problem));
  }

  attempt<T>(build: () => T): T | undefined {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#problems.push(error);
      return undefined;
    }
  }

  throwProblems(): void {
    if (this.#problems.length > 0) throw new AggregateError(this.#problems);
  }
}
