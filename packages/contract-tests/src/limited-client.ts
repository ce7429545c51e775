import type { TokenVerifier } from '@sallyport/core';
import { expect } from 'vitest';
import { settle } from './outcomes.ts';
import { testContext } from './test-context.ts';

// The few questions that are asked may meet an outage.
const admissible: readonly string[] = ['verified', 'rate_limited', 'upstream_unavailable'];

/** Sends 100 different tokens at once, as a client over its limit that leaves after a second. */
export async function expectFewQuestions(verifier: TokenVerifier, token: string): Promise<void> {
  const context = testContext({
    allowRemote: false,
    clientKey: '192.0.2.1',
    signal: AbortSignal.timeout(1_000),
  });
  const tokens = Array.from({ length: 100 }, (_, index) => `${token}${index}`);
  const outcomes = await Promise.all(tokens.map((one) => settle(verifier, one, context)));

  expect(outcomes.filter((outcome) => outcome === 'rate_limited').length).toBeGreaterThan(80);
  expect(outcomes.filter((outcome) => !admissible.includes(outcome))).toEqual([]);
}
