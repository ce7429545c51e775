import { expect, it } from 'vitest';
import { findJsonFault } from '../src/index.ts';

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

it.each([
  ['{"a":1,"a":2}', 'a member twice'],
  ['{"a":{"b":1,"b":1}}', 'a member twice'],
  ['[{"a":1},{"b":{},"b":{}}]', 'a member twice'],
  ['{"a":1,"\\u0061":2}', 'a member twice'],
  ['{"__proto__":1,"__proto__":2}', 'a member twice'],
  [deep(33), 'nested too deeply'],
  [deep(100_000), 'nested too deeply'],
  [deep(32), undefined],
  ['{"a":{"a":{"a":1}},"b":":{[\\":"}', undefined],
  ['{"__proto__":1,"constructor":2,"":3,"1":4}', undefined],
  ['[]', undefined],
  ['null', undefined],
  ['"a:b"', undefined],
])('CASE-70: finds in %.40s: %s', (text, fault) => {
  expect(findJsonFault(text, JSON.parse(text))).toBe(fault);
});
