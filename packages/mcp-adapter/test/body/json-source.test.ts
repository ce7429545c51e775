/** A proxy writes bodies anew, and no number may change (MCP-18). */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { parseJsonBody } from '../../src/body/json-body.ts';
import { sourceOf } from '../../src/index.ts';

function read(text: string): unknown {
  const body = parseJsonBody(new TextEncoder().encode(text), 1_000_000);
  if (!body.ok) throw new Error(body.fault);
  return body.value;
}

it.each([
  '1.0',
  '-0',
  '1e5',
  '1E5',
  '1e400',
  '-1e-400',
  '9007199254740993',
  '[1,-0]',
  '12.5',
  '10e1',
])('MCP-18: keeps the text of %s', (number) => {
  for (const text of [`{"a":${number}}`, `[${number}]`, `{"a":\n${number} }`]) {
    expect(sourceOf(read(text))).toBe(text);
  }
});

it.each([
  '{"jsonrpc":"2.0","id":1}',
  '{"version":"2026-07-28"}',
  '[-1,0,123456789012345,-123456789012345]',
  '{"a":true,"b":null}',
])('MCP-18: keeps no text of %s', (text) => {
  expect(sourceOf(read(text))).toBeUndefined();
});

it.each([[undefined], [null], [1], ['1.0'], [{}], [[]]])('has no text of %j', (value) => {
  expect(sourceOf(value)).toBeUndefined();
});

it('MCP-18: a body without its text is written anew as it was', () => {
  const number = fc.stringMatching(/^-?(?:0|[1-9]\d{0,19})(?:\.\d{1,3})?(?:[eE][+-]?\d{1,2})?$/);
  const name = fc.constantFrom('"a"', '"1.0"', '"-0"', '""');
  const space = fc.constantFrom('', ' ', '\n', '\t', '\r\n');
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      number,
      name,
      fc.tuple(space, tie('value'), space).map((parts) => parts.join('')),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items}]`),
      fc.tuple(name, space, tie('value')).map(([key, gap, item]) => `{${key}:${gap}${item}}`),
    ),
  }));
  const numbersIn = (text: string) =>
    text.replaceAll(/"[^"]*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  fc.assert(
    fc.property(value, (text) => {
      const body = read(`[${text}]`);
      if (sourceOf(body) !== undefined) return;
      expect(numbersIn(JSON.stringify(body))).toEqual(numbersIn(text));
    }),
    { numRuns: 2_000 },
  );
});

it('CASE-04: searches no text of a body before somebody asks for it', () => {
  const search = vi.spyOn(RegExp.prototype, 'test');

  const body = read('[1.0]');
  const before = search.mock.calls.length;
  const text = sourceOf(body);
  const searches = search.mock.calls.length - before;
  search.mockRestore();

  expect([before, text, searches]).toEqual([0, '[1.0]', 1]);
});
