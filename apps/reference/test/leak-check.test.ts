import { expect, it } from 'vitest';
import { findLeaks } from './leak-check.ts';

const secret = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';

it.each([
  ['the whole of it', `"detail":"${secret}"`, ['kX3vQ9mZrT7b']],
  ['twelve characters from its middle', `x${secret.slice(6, 18)}x`, [secret.slice(6, 18)]],
  ['eleven characters', `x${secret.slice(6, 17)}x`, []],
  ['nothing of it', '{"event":"refused"}', []],
])('finds %s', (_case, text, found) => {
  expect(findLeaks([text], [secret])).toEqual(found);
});

it('does not take the end of one text and the beginning of the next for one', () => {
  expect(findLeaks([secret.slice(0, 8), secret.slice(8, 16)], [secret])).toEqual([]);
});
