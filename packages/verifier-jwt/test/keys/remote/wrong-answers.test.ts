/** What the server of the keys, or something on its connection, may answer. */
import { ownAddress, tryWrongHttpAnswers, wrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { expect, it } from 'vitest';
import { jwks, mint } from '../../fixture.ts';

const seconds = Math.floor(Date.now() / 1_000);

async function tryAnswers(kind: 'fetched' | 'discovered', good: string, isTried: RegExp) {
  const token = await mint({ iat: seconds, exp: seconds + 3_600 });
  const answers = Object.entries(wrongHttpAnswers(good)).filter(([name]) => isTried.test(name));
  return tryWrongHttpAnswers({
    module: new URL('./wrong-answers-run.ts', import.meta.url),
    answers: Object.fromEntries(answers),
    good,
    about: `${kind} ${token}`,
    unavailable: ['upstream_unavailable'],
  });
}

it('CASE-62: no answer in place of the keys ends the process, or is taken for a verdict', async () => {
  const { tried, used, ...rest } = await tryAnswers('fetched', JSON.stringify(jwks), /./);

  expect(rest).toEqual({ mistakes: [], output: '', exit: [0, null] });
  expect(tried).toBeGreaterThan(200);
  expect(used).toBeGreaterThan(0);
});

it('CASE-62: nor does an answer in place of the metadata', async () => {
  // One document that is both: the same server has the keys.
  const metadata = { issuer: ownAddress, jwks_uri: `${ownAddress}/keys`, ...jwks };
  const isTried = /^(connection|body|redirect)/;
  const { tried, used, ...rest } = await tryAnswers(
    'discovered',
    JSON.stringify(metadata),
    isTried,
  );

  expect(rest).toEqual({ mistakes: [], output: '', exit: [0, null] });
  expect(tried).toBeGreaterThan(70);
  expect(used).toBeGreaterThan(0);
});
