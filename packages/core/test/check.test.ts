import { expect, it } from 'vitest';
import {
  type Check,
  check,
  checkArgument,
  checkOptions,
  detectEnvironment,
  Secret,
} from '../src/index.ts';

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
    [{}, { a: 1, b: undefined }],
    [{ a: 'a' }, [], 1, null],
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

it('OPS-12: drops members of a record that are undefined', () => {
  expect(read(check.recordOf(check.number), { a: 1, b: undefined })).toEqual({ a: 1 });
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
