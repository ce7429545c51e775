const redacted = '[redacted]';

/**
 * Holds a secret so that it cannot be printed by accident: as a string, in a template, as JSON, in
 * `util.inspect`, in an error message or in a spread it is `[redacted]` or nothing.
 *
 * It does not protect the memory of the process, and {@link reveal} hands out the bare value.
 *
 * @example
 * ```ts
 * const secret = new Secret('correct horse');
 * `${secret}`; // '[redacted]'
 * secret.reveal(); // 'correct horse'
 * ```
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The bare value. Call it where the secret is used, and keep the result in no variable. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  static {
    // Where Node, Deno and Bun look for a printed form; no import needed.
    Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value: () => redacted,
    });
  }
}
