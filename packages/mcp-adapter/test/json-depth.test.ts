import { expect, it } from 'vitest';
import { isDeeper } from '../src/json-depth.ts';

const nested = (depth: number) =>
  JSON.parse('[{"a":'.repeat(depth / 2) + 1 + '}]'.repeat(depth / 2));

it.each([
  [1, 1, false],
  [null, 1, false],
  [[], 1, false],
  [[1, 'a', null], 1, false],
  [[[]], 1, true],
  [{ a: {} }, 1, true],
  [nested(10), 10, false],
  [nested(10), 9, true],
  [nested(100_000), 100, true],
])('measures %#', (value, maximum, expected) => {
  expect(isDeeper(value, maximum)).toBe(expected);
});
