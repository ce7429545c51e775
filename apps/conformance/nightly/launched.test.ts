import { expect, it } from 'vitest';
import { compare, countPassed, listVerdicts } from '../src/comparison.ts';

// `Mcp-Param-*` repeats arguments by the schema of a tool. A server over stdio sees no header, and the proxy knows no
// schema. Where no stream is needed, the proxy answers in JSON, and the scenarios of streams then check nothing.
const ofHttp = /^server-(?:http-custom-header|server-sse)-/;

it.each([
  ['2025-11-25', 70],
  ['2026-07-28', 144],
] as const)(
  'the official conformance suite says the same of a server that the gate starts as a command, by the requirements of %s',
  async (revision, passed) => {
    const { bare, gated } = await compare(revision, 'launched');
    const others = (verdicts: typeof bare) =>
      listVerdicts(verdicts).filter((verdict) => !ofHttp.test(verdict));

    expect(others(gated)).toEqual(others(bare));
    expect(countPassed(gated)).toBeGreaterThanOrEqual(passed);
  },
);
