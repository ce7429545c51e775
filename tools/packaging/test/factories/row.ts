/** How the walk calls a factory. */
export interface Row {
  /** The arguments of a call that works. Options objects have as many members as can be together. */
  readonly good: () => readonly unknown[] | Promise<readonly unknown[]>;
  /** The members that a call needs, for each argument that is an options object. Default `{}`. */
  readonly required?: Readonly<Record<number, readonly string[]>>;
  /** Options objects inside an options object, by the name of the option. */
  readonly nested?: readonly string[];
  /** Values of another type that are documented: `audience` takes a string, and an array. */
  readonly also?: Readonly<Record<string, readonly Kind[]>>;
  /** Arguments that may be absent, by position. */
  readonly optional?: readonly number[];
  /** Where a call that works needs a server, only the wrong calls are made. */
  readonly needsServer?: true;
  /** A server for tests: only names are validated, by a TypeError that names the option. */
  readonly loose?: true;
}

export type Kind =
  | 'array'
  | 'bigint'
  | 'boolean'
  | 'function'
  | 'null'
  | 'number'
  | 'object'
  | 'string'
  | 'symbol'
  | 'undefined';

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
