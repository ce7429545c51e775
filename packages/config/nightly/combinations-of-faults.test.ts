/** All pairs of faults and many triples: each fault is told at one start, and nothing else is. */
import { expect, it } from 'vitest';
import {
  faultsOf,
  findWrongCombinations,
  pairsOf,
  triplesOf,
} from '../test/combinations-of-faults.ts';
import { goodConfigurations } from '../test/good-configurations.ts';

it.each(Object.entries(goodConfigurations))('CASE-42: %s: all pairs of faults', async (_, good) => {
  expect(await findWrongCombinations(good, pairsOf(faultsOf(good)))).toEqual([]);
});

it.each(Object.entries(goodConfigurations))(
  'CASE-42: %s: every seventh triple of faults',
  async (_, good) => {
    expect(await findWrongCombinations(good, triplesOf(faultsOf(good)), 7)).toEqual([]);
  },
);
