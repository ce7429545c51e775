/** Rows SEC: which stored values are text that can be used. */
import { expect, it } from 'vitest';
import { readText } from '../src/reading.ts';

const version = '1';
const forms = (text: string) => [text, new TextEncoder().encode(text)];

it.each([
  ['a newline', 'value\n', 'value', 6],
  ['a Windows newline', 'value\r\n', 'value', 7],
  ['letters of two bytes', 'ключ\n', 'ключ', 9],
])('loses %s at its end (SEC-11)', (_case, stored, text, storedBytes) => {
  const expected = { text, version, storedBytes, usedBytes: Buffer.byteLength(text) };

  for (const value of forms(stored)) expect(readText({ value, version })).toEqual(expected);
});

it.each([
  ['a second newline', 'a\n\n', 'a\n'],
  ['spaces', ' a ', ' a '],
  ['a byte order mark', '\uFEFFa', '\uFEFFa'],
  ['newlines inside', 'a\nb', 'a\nb'],
  ['a carriage return', 'a\r', 'a\r'],
])('keeps %s: whether it fits is for others to say (SEC-11)', (_case, stored, text) => {
  for (const value of forms(stored)) expect(readText({ value, version })).toMatchObject({ text });
});

it.each(['', '\n', '\r\n', ' \n', '\t'])('that is blank is none: %j (SEC-10)', (stored) => {
  for (const value of forms(stored)) {
    expect(readText({ value, version })).toMatchObject({ fault: 'empty' });
  }
});

it('has at most 65,536 bytes (SEC-12)', () => {
  expect(readText({ value: 'a'.repeat(65_536), version })).toHaveProperty('text');
  expect(readText({ value: 'a'.repeat(65_537), version })).toEqual({
    fault: 'too_long',
    detail: '65537 bytes, and 65536 are allowed',
  });
});

it.each([
  ['a stray byte', Uint8Array.of(0x61, 0xff)],
  ['half a letter', Uint8Array.of(0xd0)],
  ['a surrogate', Uint8Array.of(0xed, 0xa0, 0x80)],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0x00)],
  ['a lone surrogate in a string', '\ud800'],
])('is text in UTF-8, and not %s (SEC-12)', (_case, value) => {
  expect(readText({ value, version })).toMatchObject({ fault: 'not_text' });
});
