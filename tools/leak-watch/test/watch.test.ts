import { expect, it } from 'vitest';
import { createWatch } from '../src/watch.ts';

const text = 'wN6tQ2xLr8Vb4mKz9Hs3';

function setUp(declared = '') {
  return createWatch({ isDeclared: (piece) => declared.includes(piece) });
}

it('reports a leak once', () => {
  const watch = setUp();
  watch.keepSecret(text);
  watch.keepOutput('an error', `it is ${text}`);

  expect(watch.takeFindings()).toMatchObject([{ output: 'an error' }]);
  watch.keepSecret(`and ${text} in another`);
  expect(watch.takeFindings()).toEqual([]);
});

it('finds in earlier tests what is a secret only now', () => {
  const watch = setUp();
  watch.keepOutput('a refusal', `it is ${text}`);
  expect(watch.takeFindings()).toEqual([]);
  watch.keepSecret(text);

  expect(watch.takeFindings()).not.toEqual([]);
});

it('shows nothing of what leaked', () => {
  const watch = setUp();
  watch.keepSecret(text);
  watch.keepOutput('an error', `before ${text}, then ${text.slice(3, 16)} after`);

  expect(watch.takeFindings()).toEqual([
    {
      output: 'an error',
      problem: 'shows a token or secret, here as ∎: …before ∎, then ∎ after…',
    },
  ]);
});

it('lets be shown what is declared', () => {
  const watch = setUp(text);
  watch.keepSecret(text);
  watch.keepOutput('an error', text);

  expect(watch.takeFindings()).toEqual([]);
});

it('lets words of ours be shown, whatever they are used as', () => {
  const watch = setUp();
  watch.keepSecret('token_signature_invalid');
  watch.keepPublic('token_signature_invalid');
  watch.keepOutput('an error', 'refused: token_signature_invalid');

  expect(watch.takeFindings()).toEqual([]);
});

it('takes a setting for no secret, unless it is used as one', () => {
  const watch = setUp();
  watch.keepStored(text);
  watch.keepSetting(text);
  watch.keepOutput('a start-up report', text);
  expect(watch.takeFindings()).toEqual([]);

  watch.keepSecret(text);
  watch.keepStored(text);
  watch.keepSetting(text);
  expect(watch.takeFindings()).not.toEqual([]);
});

it.each([
  ['{"severity":"INFO"}\n', undefined],
  ['{"severity":"INFO"}', 'is not one line'],
  ['{"severity":\n"INFO"}\n', 'is not one line'],
  ['{"severity":"INFO"}{}\n', 'is not JSON'],
  ['[1]\n', 'is JSON, and no object'],
  ['null\n', 'is JSON, and no object'],
  [`{"severity":"${'ä'.repeat(2_048)}"}\n`, 'is longer than 4 KB'],
])('says of the line %j: %s (OPS-03)', (line, problem) => {
  const watch = setUp();
  watch.keepLine(line);

  expect(watch.takeFindings().map((finding) => finding.problem)).toEqual(
    problem === undefined ? [] : [problem],
  );
});
