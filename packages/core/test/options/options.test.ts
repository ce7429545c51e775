import { describe, expect, it } from 'vitest';
import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createGuard,
  createScopePolicy,
  detectEnvironment,
} from '../../src/index.ts';

interface Options {
  readonly audience: string;
  readonly limit?: number;
  readonly now?: () => number;
}

const checks: Checks<Options> = {
  audience: check.text,
  limit: check.optional(check.number),
  now: check.optional(check.callback),
};

const read = (options: unknown): Options => checkOptions('jwt', options as Options, checks);

describe('checkOptions', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'jwt: is missing'],
    ['null', null, 'jwt: must be an object'],
    ['an array', [], 'jwt: must be an object'],
    ['a string', 'secret-text', 'jwt: must be an object'],
    ['a missing member', {}, 'jwt.audience: is missing'],
    ['an undefined member', { audience: undefined }, 'jwt.audience: is missing'],
    ['a null member', { audience: null }, 'jwt.audience: must be a string'],
    ['a null optional member', { audience: 'a', limit: null }, 'jwt.limit: must be a number'],
    ['NaN', { audience: 'a', limit: Number.NaN }, 'jwt.limit: must be a number'],
    [
      'a plural',
      { audience: 'a', audiences: 'b' },
      'jwt.audiences: unknown option audiences. Did you mean audience?',
    ],
    ['another case', { audience: 'a', NOW: 1 }, 'Did you mean now?'],
    ['nothing near', { audience: 'a', zzzzzzzz: 1 }, 'Known options: audience, limit, now.'],
  ])('OPS-12: refuses %s', (_name, options, message) => {
    expect(() => read(options)).toThrow(ConfigError);
    expect(() => read(options)).toThrow(message);
  });

  it('OPS-12: turns an error of a getter or a proxy into a ConfigError that quotes nothing', () => {
    const fail = (): never => {
      throw new TypeError('secret-text');
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const getter = Object.defineProperty({ audience: 'a' }, 'limit', {
      get: fail,
      enumerable: true,
    });
    for (const options of [getter, new Proxy({}, { getPrototypeOf: fail }), revoked.proxy]) {
      expect(() => read(options)).toThrow(ConfigError);
      expect(() => read(options)).not.toThrow('secret-text');
    }
  });

  it('OPS-12: reads a member once, so that a getter cannot change it after the check', () => {
    let reads = 0;
    const options = {
      get audience() {
        reads += 1;
        return reads === 1 ? 'a' : 7;
      },
    };
    expect(read(options).audience).toBe('a');
    expect(reads).toBe(1);
  });

  it('accepts class instances, objects without a prototype and undefined members', () => {
    class Given {
      readonly #time = 5;
      readonly limit = undefined;
      get audience() {
        return 'a';
      }
      now() {
        return this.#time;
      }
      unrelated() {}
    }
    expect(read(new Given()).now?.()).toBe(5);
    expect(read(Object.assign(Object.create(null), { audience: 'a' }))).toEqual({ audience: 'a' });
  });

  it.each<[string, unknown]>([
    ['a Promise', Promise.resolve({ limit: 1 })],
    ['a Date', new Date(0)],
    ['a Map', new Map([['limit', 1]])],
    ['a Set', new Set()],
    ['a WeakMap', new WeakMap()],
    ['a regular expression', /limit/],
    ['Headers', new Headers()],
  ])('OPS-12: refuses %s where every option may be absent', (_name, options) => {
    const checks = { limit: check.optional(check.number) };
    expect(() => checkOptions('', options as { limit?: number }, checks)).toThrow(ConfigError);
  });

  it('takes nothing from a polluted Object.prototype', () => {
    Object.defineProperty(Object.prototype, 'limit', { value: 9, configurable: true });
    try {
      expect(Object.hasOwn(read({ audience: 'a' }), 'limit')).toBe(false);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'limit');
    }
  });
});

describe('createGuard', () => {
  const good = {
    verifier: { name: 'v', verify: async () => ({}) },
    rateLimiter: { peek: async () => ({}), countFailure: async () => ({}) },
    audit: { emit() {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    requiredScopes: [],
  };

  it.each(Object.keys(good))('OPS-12: refuses a guard without %s', (name) => {
    expect(() => createGuard(good as never)).not.toThrow();
    expect(() => createGuard({ ...good, [name]: undefined } as never)).toThrow(
      `guard.${name}: is missing`,
    );
    expect(() => createGuard({ ...good, [name]: 7 } as never)).toThrow(`guard.${name}`);
  });
});

describe('check.environment', () => {
  const environment = detectEnvironment({ ENVIRONMENT: 'development' });
  const accepts = (value: unknown) => check.environment.read(value, 'static.environment');

  it.each<[string, unknown]>([
    ['process.env', process.env],
    ['an empty object', {}],
    ['a word', 'production'],
    [
      'an object of the right shape',
      { name: 'production', productionSigns: [], isProduction: false },
    ],
    ['a spread copy', { ...environment }],
    ['an overridden copy', { ...environment, isProduction: false }],
    ['a JSON round trip', JSON.parse(JSON.stringify(environment))],
    ['a clone', structuredClone(environment)],
    ['an heir', Object.create(environment, { isProduction: { value: false } })],
    ['its descriptors', Object.create(null, Object.getOwnPropertyDescriptors(environment))],
    ['null', null],
  ])('CASE-05: refuses %s as an environment', (_name, value) => {
    expect(() => accepts(value)).toThrow('static.environment: must be what detectEnvironment');
  });

  it('CASE-05: accepts what detectEnvironment returned, from another copy of the package too', () => {
    expect(accepts(environment)).toBe(environment);
    const other = { name: 'test', productionSigns: [], isProduction: false };
    Object.defineProperty(other, Symbol.for('@sallyport/core/Environment'), { value: other });
    expect(accepts(Object.freeze(other))).toBe(other);
  });
});
