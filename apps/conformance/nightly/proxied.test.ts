import { expect, it } from 'vitest';
import { compare, countPassed, listVerdicts } from '../src/comparison.ts';

it.each([
  ['2025-11-25', 70],
  ['2026-07-28', 145],
] as const)(
  'the official conformance suite says the same of a server that is the upstream of a gate, by the requirements of %s',
  async (revision, passed) => {
    const { bare, gated } = await compare(revision, 'proxied');

    expect(listVerdicts(gated)).toEqual(listVerdicts(bare));
    expect(countPassed(gated)).toBeGreaterThanOrEqual(passed);
  },
);
