import { describe, expect, it } from 'vitest';
import { compare, countPassed, listVerdicts } from '../src/comparison.ts';

describe('the official conformance suite', () => {
  it.concurrent.each([
    // Of 82 and 190 checks. The others are about extensions that this server does not have.
    ['2025-11-25', 70],
    ['2026-07-28', 145],
  ] as const)(
    'says the same of a server with the gate and without, by the requirements of %s',
    async (revision, passed) => {
      const { bare, gated } = await compare(revision);

      expect(listVerdicts(gated)).toEqual(listVerdicts(bare));
      expect(countPassed(gated)).toBeGreaterThanOrEqual(passed);
    },
  );
});
