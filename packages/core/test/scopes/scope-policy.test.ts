import { describe, expect, it } from 'vitest';
import { assertScopes, createScopePolicy } from '../../src/index.ts';

const missing = (
  granted: readonly string[],
  required: readonly string[],
  hierarchy?: Record<string, readonly string[]>,
) => createScopePolicy(hierarchy && { hierarchy }).missing(new Set(granted), required);

describe('createScopePolicy', () => {
  it.each([
    [['read'], ['read'], []],
    [['read', 'write'], ['read'], []],
    [[], [], []],
    [['read'], [], []],
    [[], ['read'], ['read']],
    [['read'], ['read', 'write', 'admin'], ['write', 'admin']],
    [['read:database'], ['read:data'], ['read:data']],
    [['Read'], ['read'], ['read']],
    [['read '], ['read'], ['read']],
    [['*'], ['read'], ['read']],
  ])('with %j granted, of %j misses %j (CLM-14)', (granted, required, expected) => {
    expect(missing(granted, required)).toEqual(expected);
  });

  const hierarchy = {
    admin: ['write', 'audit'],
    write: ['read'],
    audit: ['read'],
  };

  it.each([
    [['write'], ['read'], []],
    [['admin'], ['read', 'write', 'audit'], []],
    [['audit'], ['read'], []],
    [['read'], ['write'], ['write']],
    [['write'], ['audit'], ['audit']],
    [['write', 'audit'], ['admin'], ['admin']],
  ])('with a hierarchy and %j granted, of %j misses %j (CLM-15)', (granted, required, expected) => {
    expect(missing(granted, required, hierarchy)).toEqual(expected);
  });

  it('accepts exactly what the closure of the granted scopes contains (CLM-14)', () => {
    const names = ['admin', 'write', 'audit', 'read'];
    const closure: Record<string, readonly string[]> = {
      admin: names,
      write: ['write', 'read'],
      audit: ['audit', 'read'],
      read: ['read'],
    };
    const subsets = Array.from({ length: 2 ** names.length }, (_, bits) =>
      names.filter((_name, index) => bits & (1 << index)),
    );
    for (const granted of subsets) {
      const implied = new Set(granted.flatMap((name) => closure[name] ?? []));
      for (const required of subsets) {
        const allowed = missing(granted, required, hierarchy).length === 0;
        expect(allowed).toBe(required.every((name) => implied.has(name)));
      }
    }
  });

  it.each([
    [{ a: ['a'] }, 'a → a'],
    [{ a: ['b'], b: ['a'] }, 'a → b → a'],
    [{ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }, 'a → b → c → a'],
  ])('refuses the cycle in %j, and shows it', (cyclic, path) => {
    const create = () => createScopePolicy({ hierarchy: cyclic });

    expect(create).toThrow(path);
    expect(create).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'scopes.hierarchy' }),
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'has no scope by inheritance: %s',
    (name) => {
      expect(missing(['read'], [name], hierarchy)).toEqual([name]);
      expect(missing([name], ['read'], hierarchy)).toEqual(['read']);
      expect(missing(['read'], ['x'], { read: [name] })).toEqual(['x']);
    },
  );

  it.each([{ 'two words': ['a'] }, { a: ['"'] }, { a: [''] }])(
    'refuses names like in %j',
    (bad) => {
      expect(() => createScopePolicy({ hierarchy: bad })).toThrow(/is not a scope/);
    },
  );
});

describe('assertScopes', () => {
  it.each(['read:data', 'https://example.com/scope', '!', "a'b", '~'])('takes %s', (scope) => {
    expect(() => assertScopes('x', [scope])).not.toThrow();
  });

  it.each(['', ' ', 'a b', 'a\tb', 'a"b', 'a\\b', 'é', 'a\n'])('refuses %j', (scope) => {
    expect(() => assertScopes('x.y', ['ok', scope])).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'x.y' }),
    );
  });
});
