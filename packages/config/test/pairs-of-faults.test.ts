/** Several faults in one configuration: all are told at one start, and nothing else is. */
import { describe, expect, it } from 'vitest';
import {
  type Fault,
  faultsOf,
  findWrongCombinations,
  pairsOf,
  told,
  triplesOf,
} from './combinations-of-faults.ts';
import { goodConfigurations } from './good-configurations.ts';

// Hundreds of starts each, which take their time on a busy machine.
const timeout = 120_000;

describe.each(Object.entries(goodConfigurations))('%s', (_name, good) => {
  const faults = faultsOf(good);
  const isOfType = ({ name }: Fault) => name.endsWith('AUTH_TYPE');

  it('CASE-42: tells a single fault as one problem of that variable', async () => {
    const invented: string[] = [];
    for (const { name, text } of faults) {
      const suffix = name.replace('FASTMCP_SERVER_AUTH_', '');
      const others = (await told(good, { name, text })).filter((other) => other !== suffix);
      // An audience may be the address, and then the address is missing with it. One key or the other is needed.
      const allowed = { JWT_AUDIENCE: 'RESOURCE_URL', JWT_PUBLIC_KEY: 'JWT_JWKS_URI' }[suffix];
      if (others.some((other) => other !== allowed)) invented.push(`${suffix} ${text}: ${others}`);
    }

    expect(invented).toEqual([]);
  });

  it('CASE-42: without a type, or with a misspelt one, tells every other fault', {
    timeout,
  }, async () => {
    const pairs = faults
      .filter(isOfType)
      .flatMap((type) => faults.filter((fault) => !isOfType(fault)).map((fault) => [type, fault]));

    expect(await findWrongCombinations(good, pairs)).toEqual([]);
  });

  it('CASE-42: tells pairs and triples of faults, and no other problem', { timeout }, async () => {
    const isOther = faults.filter((fault) => !isOfType(fault));

    // The nightly tests try all pairs.
    expect(await findWrongCombinations(good, pairsOf(isOther), 16)).toEqual([]);
    expect(await findWrongCombinations(good, triplesOf(faults), 400)).toEqual([]);
  });
});
