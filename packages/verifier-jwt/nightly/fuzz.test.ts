/** A million tokens of the grammar, other ones every night. */
import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { runFuzz } from '../test/fuzz/run-fuzz.ts';

it('agrees with the predicate on every token, and throws nothing but AuthError', {
  timeout: 3_600_000,
}, async () => {
  const seed = randomInt(2 ** 31);
  process.stdout.write(`seed ${seed}\n`);
  const { tokens, accepted, controls, codes } = await runFuzz(1_000_000, seed);

  expect(accepted / tokens).toBeGreaterThan(0.2);
  expect(accepted / tokens).toBeLessThan(0.6);
  expect(controls / tokens).toBeGreaterThan(0.1);
  expect(codes.size).toBe(12);
});
