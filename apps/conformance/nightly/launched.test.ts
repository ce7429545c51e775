import { expect, it } from 'vitest';
import { compare, countPassed, listVerdicts } from '../src/comparison.ts';

// A server over stdio sees no header, and the proxy knows no schemas of its tools.
const ofHeaders = /^server-http-(?:custom-)?header-/;

it.each([
  ['2025-11-25', 70],
  ['2026-07-28', 130],
] as const)(
  'the official conformance suite says the same of a server that the gate starts as a command, by the requirements of %s',
  async (revision, passed) => {
    const { bare, gated } = await compare(revision, 'launched');
    const others = (verdicts: typeof bare) =>
      listVerdicts(verdicts).filter((verdict) => !ofHeaders.test(verdict));

    expect(others(gated)).toEqual(others(bare));
    expect(countPassed(gated)).toBeGreaterThanOrEqual(passed);
  },
);
