import { describe, expect, it } from 'vitest';
import { differences, ratios, rotate, spreadOf } from '../src/rounds/statistics.ts';

describe('spreadOf', () => {
  it.each([
    ['one figure', [7], { median: 7, minimum: 7, maximum: 7 }],
    ['an odd number of them', [9, 1, 5], { median: 5, minimum: 1, maximum: 9 }],
    ['an even number of them', [4, 1, 10, 2], { median: 3, minimum: 1, maximum: 10 }],
    [
      'figures that text would sort otherwise',
      [10, 9, 100],
      { median: 10, minimum: 9, maximum: 100 },
    ],
  ])('finds median, least and most of %s', (_, figures, expected) => {
    expect(spreadOf(figures)).toEqual(expected);
  });

  it('leaves the rounds in their order', () => {
    const figures = [3, 1, 2];
    spreadOf(figures);

    expect(figures).toEqual([3, 1, 2]);
  });

  it('has no median of nothing', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

it('divides and subtracts round by round', () => {
  expect(ratios([10, 9], [5, 3])).toEqual([2, 3]);
  expect(differences([10, 9], [4, 1])).toEqual([6, 8]);
});

it('combines no figures of different rounds', () => {
  expect(() => ratios([1, 2], [1])).toThrow(RangeError);
  expect(() => differences([1], [1, 2])).toThrow(RangeError);
});

it.each([
  [0, ['a', 'b', 'c']],
  [1, ['b', 'c', 'a']],
  [3, ['a', 'b', 'c']],
  [5, ['c', 'a', 'b']],
])('turns a list by %i', (by, expected) => {
  expect(rotate(['a', 'b', 'c'], by)).toEqual(expected);
});

it('turns a list of nothing', () => {
  expect(rotate([], 3)).toEqual([]);
});
