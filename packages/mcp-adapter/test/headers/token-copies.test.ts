import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCredentialField } from '../../src/headers/credential-fields.ts';
import { createTokenSearch } from '../../src/headers/token-copies.ts';

const part = (bytes: number) => randomBytes(bytes).toString('base64url');
const made = {
  jwt: `${part(60)}.${part(300)}.${part(256)}`,
  es256: `${part(30)}.${part(90)}.${part(64)}`,
  opaque: part(24),
  short: part(9),
};

const forms: Readonly<Record<string, (token: string) => string>> = {
  plain: (token) => token,
  'within a value': (token) => `a=b; t=${token}; c=d`,
  'percent-encoded twice': (token) => encodeURIComponent(encodeURIComponent(`?t="${token}"`)),
  'percent-encoded throughout': (token) =>
    [...token].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(''),
  'Base64, offset 0': (token) => Buffer.from(token).toString('base64'),
  'Base64, offset 1': (token) => Buffer.from(`a${token}b`).toString('base64'),
  'Base64url, offset 2': (token) => Buffer.from(`ab${token}`).toString('base64url'),
  'Base64, percent-encoded': (token) =>
    encodeURIComponent(Buffer.from(`abc${token}`).toString('base64')),
  hexadecimal: (token) => Buffer.from(token).toString('hex').toUpperCase(),
  'split by quotes': (token) => `"${token.slice(0, 5)}" "${token.slice(5)}"`,
};

describe.each(Object.entries(made))('CASE-13: a token (%s)', (_kind, token) => {
  it.each(Object.entries(forms))('is found %s', (_form, write) => {
    expect(createTokenSearch(token)(write(token))).toBe(true);
  });

  it('is not found in other values', () => {
    const holds = createTokenSearch(token);
    for (const other of [
      '',
      'application/json',
      part(700),
      `${token.split('.')[0]?.slice(0, 8)}.x.${part(256)}`,
      '%',
      '%E0%A4%A',
    ]) {
      expect(holds(other)).toBe(false);
    }
  });
});

it('CASE-13: finds a JWT that was split into cookies at any place', () => {
  for (const token of [made.jwt, made.es256]) {
    const holds = createTokenSearch(token);
    for (let at = 1; at < token.length; at += 1) {
      expect(holds(`s.0=${token.slice(0, at)}; s.1=${token.slice(at)}`)).toBe(true);
    }
  }
});

it('CASE-13: finds a very short token only as a whole', () => {
  const holds = createTokenSearch('json');

  expect([holds('json'), holds('a=json; b=c'), holds('application/json')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(createTokenSearch('')('')).toBe(false);
});

it.each([
  ['x-ms-token-aad-id-token', true],
  ['x-goog-iap-jwt-assertion', true],
  ['x-serverless-authorization', true],
  ['x-api-key', false],
  ['x-forwarded-for', false],
  ['content-type', false],
])('CASE-13: takes %s for a field of credentials: %s', (name, expected) => {
  expect(isCredentialField(name)).toBe(expected);
});

it('CASE-13: a JWT of the same issuer with another signature is no copy', () => {
  const unsigned = `${'h'.repeat(60)}.${'p'.repeat(200)}`;
  const holdsToken = createTokenSearch(`${unsigned}.${'s'.repeat(43)}`);

  expect(holdsToken(`${unsigned}.${'t'.repeat(43)}`)).toBe(false);
  expect(holdsToken('s'.repeat(43))).toBe(true);
});
