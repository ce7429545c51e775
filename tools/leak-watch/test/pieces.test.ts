import { expect, it } from 'vitest';
import { createPieceIndex } from '../src/pieces.ts';

const secret = 'kX3vQ9mZrT7bW2pLhD5nYc8s';

function findIn(text: string, ...texts: readonly string[]): readonly string[] {
  const index = createPieceIndex(100_000);
  for (const known of texts) index.add(known);
  return index.findIn(text).map(({ piece }) => piece);
}

it('finds every twelve characters in a row, wherever they are', () => {
  for (let start = 0; start + 12 <= secret.length; start += 1) {
    const piece = secret.slice(start, start + 12);

    expect(findIn(`${'before '.repeat(start)}${piece} after`, 'another', secret)).toEqual([piece]);
  }
});

it('does not find eleven', () => {
  for (let start = 0; start + 11 <= secret.length; start += 1) {
    expect(findIn(`~${secret.slice(start, start + 11)}~`, secret)).toEqual([]);
  }
});

it('finds nothing in what only looks alike to its filter', () => {
  const known = Array.from({ length: 2_000 }, (_, at) => `known text number ${at * 7_919}`);
  const others = Array.from({ length: 2_000 }, (_, at) => `OTHER WORDS ENTIRELY ${at * 104_729}`);

  expect(findIn(others.join(), ...known)).toEqual([]);
});

it('takes a row of few different characters for a pattern', () => {
  expect(findIn('.'.repeat(20), '.'.repeat(8_192))).toEqual([]);
  expect(findIn('abcd'.repeat(5), 'abcd'.repeat(9))).toEqual([]);
  expect(findIn('abcde'.repeat(5), 'abcde'.repeat(9))).not.toEqual([]);
});

it('looks at no more than it was told to', () => {
  const index = createPieceIndex(secret.length);
  index.add(secret);
  index.add('one more than there is room for');

  expect(index.findIn(secret)).toHaveLength(secret.length - 11);
  expect(index.findIn('one more than there is room for')).toEqual([]);
});
