import { AuthError } from '@sallyport/core';
import { expect, it } from 'vitest';
import { expectCode, expectOutcome, explain, verified } from '../src/outcomes.ts';

const token = 'kX3vQ9mZrT7bWc5d';
const refuse = () => new AuthError('upstream_unavailable', { detail: 'not implemented yet' });

it('explains a refusal with its code, its detail and the line that refused', () => {
  expect(explain(refuse(), token)).toMatch(
    /^upstream_unavailable: not implemented yet\n {4}at .*outcomes\.test\.ts:\d+:\d+/,
  );
});

it('leaves the token out of the explanation', () => {
  const error = new AuthError('token_malformed', { detail: 'cannot read it' });
  Object.defineProperty(error, 'stack', { value: `AuthError\n    at ${token} (a.ts:1:2)` });

  expect(explain(error, token)).toBe('token_malformed: cannot read it\n    at ∎ (a.ts:1:2)');
});

it('fails with the explanation', async () => {
  const verifier = { name: 'careful', verify: () => Promise.reject(refuse()) };

  expect(() => expectCode(refuse(), ['token_expired'], token)).toThrow('not implemented yet');
  expect(() => expectCode(refuse(), ['upstream_unavailable'], token)).not.toThrow();
  await expect(verified(verifier, token)).rejects.toThrow(
    'refused: upstream_unavailable: not implemented yet',
  );
});

it('fails with an error by accident, whatever was admissible', async () => {
  const verifier = { name: 'careless', verify: () => Promise.reject(new TypeError('no bytes')) };

  await expect(verified(verifier, token)).rejects.toThrow(new TypeError('no bytes'));
  await expect(expectOutcome(verifier, token, ['token_malformed'])).rejects.toThrow(
    'TypeError: no bytes is not an AuthError',
  );
});
