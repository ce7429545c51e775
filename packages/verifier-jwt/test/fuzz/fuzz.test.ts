/** Rows TOK, CLM and OPS-07: 3,000 tokens of a grammar. `nightly` has 1,000,000. */
import { expect, it } from 'vitest';
import { runFuzz } from './run-fuzz.ts';

it('agrees with the predicate on every token, and throws nothing but AuthError (TOK-01 to TOK-24, CLM-01 to CLM-19, OPS-07)', {
  timeout: 240_000,
}, async () => {
  const { tokens, accepted, controls, engines, codes } = await runFuzz(3_000, 20_260_103);

  expect(accepted / tokens).toBeGreaterThan(0.2);
  expect(accepted / tokens).toBeLessThan(0.6);
  expect(controls / tokens).toBeGreaterThan(0.1);
  expect(engines.good / tokens).toBeGreaterThan(0.2);
  expect(engines.bad / tokens).toBeGreaterThan(0.02);
  expect([...codes.keys()].sort()).toEqual([
    'token_algorithm_forbidden',
    'token_audience_mismatch',
    'token_claim_invalid',
    'token_expired',
    'token_issuer_untrusted',
    'token_key_unknown',
    'token_lifetime_excessive',
    'token_malformed',
    'token_not_yet_valid',
    'token_sender_constrained',
    'token_signature_invalid',
    'token_type_forbidden',
    'verified',
  ]);
});
