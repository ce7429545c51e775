/** The checks that a table of options is made of. */

import { ConfigError } from '../errors.ts';
import { isDetectedEnvironment } from './environment.ts';
import { checkOptions } from './options.ts';
import { assertPlain } from './plain-object.ts';

/** Validates one value. It throws a `ConfigError`, or returns the value to use. */
export interface Check {
  /** Whether the option may be absent. */
  readonly isOptional: boolean;
  /** @param option The option's name, for messages. */
  readonly read: (value: unknown, option: string) => unknown;
}

/** All members of an options type; of a union, the members of each part. */
type NameOf<Options> = Options extends unknown ? keyof Options & string : never;

/** One check for each option. A missing row is a type error. */
export type Checks<Options extends object> = { readonly [Name in NameOf<Options>]: Check };

type KindOf = 'string' | 'function' | 'boolean' | 'number' | 'object';

/** Makes a check from a predicate. `problem` completes "option: …" and never quotes the value. */
function where(problem: string, accepts: (value: unknown) => boolean): Check {
  return {
    isOptional: false,
    read(value, option) {
      if (!accepts(value)) throw new ConfigError(option, problem);
      return value;
    },
  };
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null && !Array.isArray(value)) ||
  typeof value === 'function';

function shape(what: string, members: Readonly<Record<string, KindOf>>): Check {
  const names = Object.keys(members).join(', ');
  return where(`must be ${what}: an object with ${names}`, (value) => {
    if (!isObject(value)) return false;
    return Object.entries(members).every(([name, kind]) => {
      const member: unknown = Reflect.get(value, name);
      const actual: string = typeof member;
      return actual === kind && member !== null;
    });
  });
}

function listOf(item: Check): Check {
  return {
    isOptional: false,
    read(value, option) {
      if (!Array.isArray(value)) throw new ConfigError(option, 'must be an array');
      return Array.from(value, (each: unknown, index) => item.read(each, `${option}[${index}]`));
    },
  };
}

function recordOf(item: Check): Check {
  return {
    isOptional: false,
    read(value, option) {
      assertPlain(value, option);
      const entries = Object.entries(value).filter(
        ([, each]) => each !== undefined || !item.isOptional,
      );
      return Object.fromEntries(
        entries.map(([name, each]) => [name, item.read(each, `${option}.${name}`)]),
      );
    },
  };
}

function either(problem: string, ...checks: readonly Check[]): Check {
  return {
    isOptional: false,
    read(value, option) {
      for (const { read } of checks) {
        try {
          return read(value, option);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
        }
      }
      throw new ConfigError(option, problem);
    },
  };
}

const text: Check = where('must be a string', (value) => typeof value === 'string');
const callback: Check = where('must be a function', (value) => typeof value === 'function');

/** The checks. Each is required, unless {@link check.optional} wraps it. */
export const check: {
  readonly optional: (required: Check) => Check;
  readonly where: typeof where;
  readonly shape: (what: string, members: Readonly<Record<string, KindOf>>) => Check;
  readonly listOf: (item: Check) => Check;
  /**
   * A plain object whose own members all pass the check. A member that is `undefined` is dropped where
   * the check is optional, and otherwise refused.
   */
  readonly recordOf: (item: Check) => Check;
  readonly either: (problem: string, ...checks: readonly Check[]) => Check;
  readonly oneOf: (...values: readonly (string | boolean)[]) => Check;
  /** An options object inside another one. */
  readonly options: <Options extends object>(checks: Checks<Options>) => Check;
  /** Any value: the factory validates it. */
  readonly anything: Check;
  readonly object: Check;
  readonly text: Check;
  readonly texts: Check;
  readonly number: Check;
  readonly flag: Check;
  readonly callback: Check;
  /** What `detectEnvironment` returned. */
  readonly environment: Check;
  readonly verifier: Check;
  readonly rateLimiter: Check;
  readonly audit: Check;
  readonly scopePolicy: Check;
  readonly guard: Check;
  /** An authorization rule. */
  readonly rule: Check;
  readonly senderConstraint: Check;
  readonly tokenExchange: Check;
  /** A `Secret`, of this copy of the package or another. */
  readonly secret: Check;
} = Object.freeze({
  optional: ({ read }) => ({ isOptional: true, read }),
  where,
  shape,
  listOf,
  recordOf,
  either,
  oneOf: (...values) =>
    where(`must be one of ${values.join(', ')}`, (value) => values.some((each) => each === value)),
  options: (checks) => ({
    isOptional: false,
    read: (value, option) => checkOptions(option, value as never, checks),
  }),
  anything: where('', () => true),
  object: where('must be an object', isObject),
  text,
  texts: listOf(text),
  number: where('must be a number', (value) => typeof value === 'number' && !Number.isNaN(value)),
  flag: where('must be true or false', (value) => typeof value === 'boolean'),
  callback,
  environment: where(
    'must be what detectEnvironment returned: call detectEnvironment(process.env)',
    isDetectedEnvironment,
  ),
  verifier: shape('a token verifier', { verify: 'function', name: 'string' }),
  rateLimiter: shape('a rate limiter', { peek: 'function', countFailure: 'function' }),
  audit: shape('an audit sink', { emit: 'function' }),
  scopePolicy: shape('a scope policy', { missing: 'function' }),
  guard: shape('a guard', {
    authenticate: 'function',
    recheck: 'function',
    authorize: 'function',
    permits: 'function',
  }),
  rule: shape('an authorization rule', { name: 'string', check: 'function' }),
  senderConstraint: shape('a sender constraint', {
    method: 'string',
    scheme: 'string',
    algorithms: 'object',
    confirm: 'function',
  }),
  tokenExchange: shape('a token exchange', { exchange: 'function' }),
  secret: shape('a Secret', { reveal: 'function' }),
});
