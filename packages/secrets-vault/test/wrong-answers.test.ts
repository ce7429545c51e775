/** What a Vault, or something on its connection, may answer. */
import { tryWrongHttpAnswers, wrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { expect, it } from 'vitest';

const good = JSON.stringify({
  data: { data: { value: 'the-secret-in-vault' }, metadata: { version: 1, destroyed: false } },
});

it('CASE-62: no answer of Vault ends the process, or is taken for a secret or an absence', async () => {
  const { tried, used, ...rest } = await tryWrongHttpAnswers({
    module: new URL('./wrong-answers-run.ts', import.meta.url),
    answers: wrongHttpAnswers(good),
    good,
    unavailable: ['upstream_unavailable'],
  });

  expect(rest).toEqual({ mistakes: [], output: '', exit: [0, null] });
  expect(tried).toBeGreaterThan(200);
  expect(used).toBeGreaterThan(0);
});
