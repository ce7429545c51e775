/** Validates options at run time, because JavaScript callers and casts pass what no type allows. */

import { ConfigError } from '../errors.ts';
import { nearest } from '../names/nearest-name.ts';
import type { Check, Checks } from './check.ts';
import { assertObject } from './plain-object.ts';

/**
 * Validates an options object and returns a plain copy of it. A factory reads the copy, so a getter
 * cannot change a value after the check. A member that is `undefined` counts as absent.
 *
 * It checks names and types. The factory checks ranges and how options depend on each other.
 *
 * @example
 * ```ts
 * const checks: Checks<ClockOptions> = { name: check.text, now: check.optional(check.callback) };
 * const { name, now = Date.now } = checkOptions('clock', options, checks);
 * ```
 *
 * @param subject The prefix of option names in messages, as in `guard.verifier`. May be empty.
 * @throws {ConfigError} When `options` is not an object, a required member is missing, a member is
 *   unknown or of the wrong type, or reading a member throws. No message quotes a value.
 */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  checks: NoInfer<Checks<Options>>,
): Options {
  const table = new Map<string, Check>(Object.entries(checks));
  const members = readMembers(subject, options, table);
  for (const name of members.keys()) {
    if (!table.has(name)) throw unknownOption(subject, name, [...table.keys()]);
  }
  const copy: Record<string, unknown> = {};
  for (const [name, { isOptional, read }] of table) {
    const option = join(subject, name);
    if (members.has(name)) copy[name] = guardRead(option, () => read(members.get(name), option));
    else if (!isOptional) throw new ConfigError(option, 'is missing: it is required');
  }
  return copy as Options;
}

/**
 * Validates one argument of a factory, such as a gate.
 *
 * @param name How messages name the argument.
 * @throws {ConfigError} When the argument is missing or of the wrong type.
 */
export function checkArgument<Value>(
  name: string,
  value: Value,
  { isOptional, read }: Check,
): Value {
  if (value === undefined) {
    if (isOptional) return value;
    throw new ConfigError(name, 'is missing: it is required');
  }
  return guardRead(name, () => read(value, name)) as Value;
}

function join(subject: string, name: string): string {
  return subject === '' ? name : `${subject}.${name}`;
}

/**
 * Reads each defined member once, as a class or a plain object offers it. Members of the root
 * prototype are not options, so a polluted `Object.prototype` sets none.
 */
function readMembers(
  subject: string,
  options: unknown,
  table: ReadonlyMap<string, Check>,
): Map<string, unknown> {
  const option = subject || 'options';
  if (options === undefined) throw new ConfigError(option, 'is missing: an object is required');
  return guardRead(option, () => {
    assertObject(options, option);
    const members = new Map<string, unknown>();
    for (const owner of ownersOf(options)) {
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
        const isMethod = !descriptor.enumerable && typeof descriptor.value === 'function';
        // A class may have methods besides its options.
        if (members.has(name) || (isMethod && !table.has(name))) continue;
        const value: unknown = Reflect.get(options, name);
        if (value === undefined) continue;
        members.set(name, isMethod && typeof value === 'function' ? value.bind(options) : value);
      }
    }
    return members;
  });
}

/** The object and its prototypes, without the root. */
function ownersOf(options: object): readonly object[] {
  const owners: object[] = [options];
  let next: object | null = Object.getPrototypeOf(options);
  while (next !== null && Object.getPrototypeOf(next) !== null) {
    owners.push(next);
    next = Object.getPrototypeOf(next);
  }
  return owners;
}

function guardRead<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // The error's own text may hold a secret.
    throw new ConfigError(option, 'cannot be read: reading it throws an error');
  }
}

function unknownOption(subject: string, name: string, known: readonly string[]): ConfigError {
  const shown = /^[A-Za-z_$][\w$]{0,63}$/.test(name) ? ` ${name}` : '';
  const close = nearest(name, known);
  const hint =
    close === undefined
      ? `Known options: ${known.join(', ') || 'none'}.`
      : `Did you mean ${close}?`;
  return new ConfigError(join(subject, shown.trim() || '?'), `unknown option${shown}. ${hint}`);
}
