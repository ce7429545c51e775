import { expect, it } from 'vitest';
import { createTokenHeaders } from '../../src/token/header-cache.ts';
import { segment } from '../fixture.ts';

const rules = { algorithms: ['ES256'], profile: 'rfc9068', needsKeyId: true } as const;
const headerOf = (kid: string) => segment({ alg: 'ES256', typ: 'at+jwt', kid });

it('works out once what a header says, when it was signed', () => {
  const headers = createTokenHeaders(rules);
  const first = headers.read(headerOf('a'));
  expect(first).toEqual({ algorithm: 'ES256', keyId: 'a' });
  expect(headers.read(headerOf('a'))).not.toBe(first);

  headers.remember(headerOf('a'), first);
  expect(headers.read(headerOf('a'))).toBe(first);
});

it('refuses a header anew every time', () => {
  const headers = createTokenHeaders(rules);
  for (let time = 0; time < 2; time += 1) {
    expect(() => headers.read(segment({ alg: 'none', typ: 'at+jwt', kid: 'a' }))).toThrow(
      expect.objectContaining({ code: 'token_algorithm_forbidden' }),
    );
  }
});

it('remembers 100 at most: an issuer may write another one into every token', () => {
  const headers = createTokenHeaders(rules);
  const names = Array.from({ length: 101 }, (_, index) => `kid-${index}`);
  const queries = names.map((name) => headers.read(headerOf(name)));
  for (const [index, name] of names.entries()) {
    headers.remember(headerOf(name), queries[index] as (typeof queries)[number]);
  }
  const remembered = names.filter((name, index) => headers.read(headerOf(name)) === queries[index]);

  expect(remembered.length).toBeGreaterThan(0);
  expect(remembered.length).toBeLessThanOrEqual(100);
});
