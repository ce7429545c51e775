/** What an introspection endpoint, or something on its connection, may answer. */
import { tryWrongHttpAnswers, wrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { expect, it } from 'vitest';
import { goodAnswer } from './fixture.ts';

it('CASE-62: no answer of the endpoint ends the process, or is taken for a verdict', async () => {
  // Without `exp`, the answer stays good.
  const good = JSON.stringify(goodAnswer({ exp: undefined }));
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
