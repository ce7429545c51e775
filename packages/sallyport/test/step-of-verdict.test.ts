import { expect, it } from 'vitest';
import { stepOfRefusal } from '../src/explain/step-of-verdict.ts';

it.each([
  ['token_malformed', 'header: kid is no text', 'key'],
  ['token_malformed', 'header: alg is absent', 'algorithm'],
  ['token_malformed', 'payload: no JSON', 'form'],
  ['token_issuer_untrusted', 'the key belongs to another tenant', 'key'],
  ['token_issuer_untrusted', 'tid: another tenant', 'claims'],
  ['token_issuer_untrusted', 'iss: another', 'issuer'],
  ['upstream_unavailable', 'the denial list cannot be read', 'scopes'],
  ['upstream_unavailable', 'jwks: no answer', 'key'],
  ['token_type_forbidden', 'header: typ is logout+jwt', 'type'],
  ['token_type_forbidden', 'an ID token: nonce', 'kind'],
  ['token_claim_invalid', 'exp: no number', 'times'],
  ['token_claim_invalid', 'expectation: no text', 'claims'],
] as const)('%s with "%s" belongs to the check of the %s', (code, detail, step) => {
  expect(stepOfRefusal(code, detail)).toBe(step);
});
