/** What a token endpoint, or something on its connection, may answer. */
import { tryWrongHttpAnswers, wrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { expect, it } from 'vitest';

const good = JSON.stringify({
  access_token: 'upstream-token',
  token_type: 'Bearer',
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
});

it('CASE-62: no answer of the token endpoint ends the process, or is taken for a token', async () => {
  const { tried, used, ...rest } = await tryWrongHttpAnswers({
    module: new URL('./wrong-answers-run.ts', import.meta.url),
    answers: wrongHttpAnswers(good),
    good,
    // A 401 says that our credentials are wrong (RFC 6749 §5.2).
    unavailable: ['upstream_unavailable', 'credentials_refused'],
  });

  expect(rest).toEqual({ mistakes: [], output: '', exit: [0, null] });
  expect(tried).toBeGreaterThan(200);
  expect(used).toBeGreaterThan(0);
});
