import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import {
  type Check,
  check,
  checkArgument,
  checkOptions,
  detectEnvironment,
  Secret,
} from '../../src/index.ts';

const read = (one: Check, value: unknown) => one.read(value, 'option');
const noop = () => {};
const environment = detectEnvironment({ ENVIRONMENT: 'test' });

it.each<[string, Check, readonly unknown[], readonly unknown[]]>([
  ['text', check.text, ['', 'a'], [1, null, {}, ['a'], Symbol('a')]],
  ['texts', check.texts, [[], ['a']], ['a', [1], {}, null]],
  ['number', check.number, [0, -1, 1.5], ['1', Number.NaN, 1n, null]],
  ['flag', check.flag, [true, false], [0, 'true', null]],
  ['callback', check.callback, [noop], ['noop', {}, null]],
  ['object', check.object, [{}, noop], [null, [], 'a', 1]],
  ['anything', check.anything, [null, 1, 'a', noop], []],
  ['oneOf', check.oneOf('a', true), ['a', true], ['b', false, null]],
  ['environment', check.environment, [environment], [{ ...environment }, 'production', null]],
  ['verifier', check.verifier, [{ name: 'a', verify: noop }], [{ verify: noop }, {}, null]],
  ['rateLimiter', check.rateLimiter, [{ peek: noop, countFailure: noop }], [{ peek: noop }]],
  ['audit', check.audit, [{ emit: noop }], [{}, noop, null]],
  ['secret', check.secret, [new Secret('a')], ['a', {}, null]],
  ['tokenExchange', check.tokenExchange, [{ exchange: noop }], [{ exchange: 'a' }]],
  [
    'recordOf',
    check.recordOf(check.number),
    [{}, { a: 1 }, Object.create(null)],
    [{ a: 'a' }, { a: 1, b: undefined }, [], 1, null],
  ],
  ['either', check.either('must be a or 1', check.text, check.number), ['a', 1], [true, null]],
])('OPS-12: %s accepts what it names, and refuses the rest', (_name, one, good, bad) => {
  for (const value of good) expect(() => read(one, value)).not.toThrow();
  for (const value of bad) {
    expect(() => read(one, value)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: expect.stringMatching(/^option/) }),
    );
  }
});

it('OPS-12: drops members of a record that are undefined, where they may be absent', () => {
  const record = check.recordOf(check.optional(check.number));
  expect(read(record, { a: 1, b: undefined })).toEqual({ a: 1 });
});

// Each holds its content elsewhere than in own members, so its reader would find nothing.
it.each<[string, unknown]>([
  ['a Map', new Map([['delete', ['notes:write']]])],
  ['a Set', new Set(['delete'])],
  ['a WeakMap', new WeakMap()],
  ['a Promise', Promise.resolve({ delete: ['notes:write'] })],
  ['a Date', new Date(0)],
  ['an Error', new Error('broken')],
  ['a URL', new URL('https://mcp.example.com')],
  ['URL parameters', new URLSearchParams('delete=notes:write')],
  ['Headers', new Headers({ delete: 'notes:write' })],
  ['a Buffer', Buffer.from('delete')],
  ['an object that inherits', Object.create({ delete: ['notes:write'] })],
  [
    'an object that inherits from one without a prototype',
    Object.create(Object.assign(Object.create(null), { delete: ['notes:write'] })),
  ],
  [
    'a class with getters',
    new (class {
      get delete() {
        return ['notes:write'];
      }
    })(),
  ],
])('OPS-12: a record refuses %s', (_name, value) => {
  expect(() => checkArgument('scopes.tools', value, check.recordOf(check.texts))).toThrow(
    expect.objectContaining({ name: 'ConfigError', option: 'scopes.tools' }),
  );
});

it('OPS-12: a record accepts an object of another realm, a module and process.env', async () => {
  const record = check.recordOf(check.optional(check.anything));
  const module: object = await import('../../src/names/nearest-name.ts');
  for (const value of [runInNewContext('({ a: 1 })'), module, process.env]) {
    expect(read(record, value)).toEqual({ ...value });
  }
});

it('OPS-12: does not take an error of its own for a refusal', () => {
  const failing: Check = {
    isOptional: false,
    read() {
      throw new RangeError('broken check');
    },
  };
  expect(() => read(check.either('must be a', failing, check.text), 'a')).toThrow(RangeError);
});

it('OPS-12: validates options in options, and names the way to them', () => {
  const nested = { inner: check.options<{ a: string }>({ a: check.text }) };

  expect(checkOptions('outer', { inner: { a: 'a' } }, nested)).toEqual({ inner: { a: 'a' } });
  expect(() => checkOptions('outer', { inner: { other: 1 } } as never, nested)).toThrow(
    'outer.inner.other: unknown option other. Known options: a.',
  );
});

it('OPS-12: validates one argument', () => {
  expect(checkArgument('gate', 'a', check.text)).toBe('a');
  expect(checkArgument('gate', undefined, check.optional(check.text))).toBeUndefined();
  expect(() => checkArgument('gate', undefined, check.text)).toThrow('gate: is missing');
  expect(() => checkArgument<unknown>('gate', 1, check.text)).toThrow('gate: must be a string');
});

it.each([
  ['audiences', 'audience'],
  ['audiance', 'audience'],
  ['AUDIENCE', 'audience'],
  ['audienc', 'audience'],
  ['trustProxy', undefined],
])('OPS-12: suggests for %s what is meant: %s', (written, meant) => {
  const checks = { audience: check.text, issuer: check.text };
  const create = () => checkOptions('jwt', { [written]: 'a' } as never, checks);

  expect(create).toThrow(
    meant === undefined ? 'Known options: audience, issuer.' : `Did you mean ${meant}?`,
  );
});

it('OPS-12: suggests the nearest of several names', () => {
  const checks = { audiences: check.text, audience: check.text };
  expect(() => checkOptions('jwt', { audienc: 'a' } as never, checks)).toThrow('audience?');
});

it('OPS-12: shows no name that is none', () => {
  const create = () => checkOptions('', { 'a b': 1 } as never, {});
  expect(create).toThrow('?: unknown option. Known options: none.');
  expect(() => checkOptions('', undefined as never, {})).toThrow('options: is missing');
});
