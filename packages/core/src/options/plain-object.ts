/** Tells objects that hold options from those that only look empty, such as a Map or a Promise. */
import { ConfigError } from '../errors.ts';

/** What `Object.prototype.toString` says of objects that may hold options. A module may hold them, too. */
const plainKinds: ReadonlySet<string> = new Set(['[object Object]', '[object Module]']);

/**
 * Refuses every value that is not an object with members. Instances of classes pass.
 *
 * @throws {ConfigError} Also for a promise, and for a Map, a Set or a Date: their content is not a member.
 */
export function assertObject(value: unknown, option: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(option, 'must be an object');
  }
  if (value instanceof Promise) throw new ConfigError(option, 'is a Promise: await it');
  if (!plainKinds.has(Object.prototype.toString.call(value))) {
    throw new ConfigError(option, 'must be a plain object, such as { name: value }');
  }
}

/**
 * As {@link assertObject}, and refuses objects that inherit members: a reader of the object's own members
 * would miss them.
 */
export function assertPlain(value: unknown, option: string): asserts value is object {
  assertObject(value, option);
  let prototype: unknown = Object.getPrototypeOf(value);
  // `process.env` has an empty prototype besides the root.
  while (prototype !== null && !isRoot(prototype)) {
    if (Object.getOwnPropertyNames(prototype).some((name) => name !== 'constructor')) {
      throw new ConfigError(
        option,
        'must be a plain object: members that it inherits are not read',
      );
    }
    prototype = Object.getPrototypeOf(prototype);
  }
}

/** The root prototype, of this realm or another. */
function isRoot(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'valueOf');
}
