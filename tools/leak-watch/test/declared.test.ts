import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { deliberateLeaks, isDeclared, publicTexts } from '../src/declared.ts';

it.each(deliberateLeaks)('lets $file leak, which is there, and says why', ({ file, because }) => {
  expect(existsSync(new URL(`../../../${file}`, import.meta.url))).toBe(true);
  expect(because).toMatch(/\w+ \w+/);
});

it('lets a test leak where it says so, and nowhere else', () => {
  const [{ file, outputs: [output = 'an error'] = [] } = { file: '' }] = deliberateLeaks;
  const piece = 'kX3vQ9mZrT7b';

  expect(isDeclared(piece, output, `/anywhere/${file}`)).toBe(true);
  expect(isDeclared(piece, 'a line of the log', `/anywhere/${file}`)).toBe(false);
  expect(isDeclared(piece, output, '/anywhere/else.test.ts')).toBe(false);
});

it('knows the time in a token from the rest of it', () => {
  const payload = '{"sub":"user-1","iat":1795451446,"exp":1795451746}';
  const encoded = Buffer.from(payload).toString('base64url');
  const pieces = Array.from({ length: encoded.length - 11 }, (_, at) => encoded.slice(at, at + 12));
  const shown = pieces.filter((piece) => isDeclared(piece, 'an HTTP answer', 'any.test.ts'));

  expect(shown.length).toBeGreaterThan(20);
  expect(pieces.indexOf(shown[0] ?? '')).toBeGreaterThan('{"sub":"user'.length);
});

it('says why of every public text, and takes none for a real secret', () => {
  for (const { text, because } of publicTexts) {
    expect(because).toMatch(/\w+ \w+/);
    expect(text).not.toMatch(/[A-Za-z0-9_-]{20,}/);
  }
});

it('an address of this machine is none, and what stands before it is', () => {
  const pieces = ['127.0.0.1:26', '27.0.0.1:260', '.0.0.1:26007', '@127.0.0.1:2', 'pw@127.0.0.1'];
  const shown = pieces.filter((piece) => isDeclared(piece, 'an HTTP answer', 'any.test.ts'));

  expect(shown).toEqual(pieces.slice(0, 3));
});
