import { describe, expect, it } from 'vitest';
import { readAnswer } from '../src/token-answer.ts';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const asked = { scopes: ['contacts:read'], issuedTokenType: accessToken, nowSeconds: 1_000 };
const good = {
  access_token: 'upstream-token',
  issued_token_type: accessToken,
  token_type: 'Bearer',
  expires_in: 60,
};
const read = (json: unknown, status = 200, text?: string) =>
  readAnswer({ status, json, text }, asked);

describe('readAnswer (RFC 8693 §2.2)', () => {
  it('takes a bearer token, with the scopes that were asked for where none are named', () => {
    const { token, expiresAt, scopes } = read(good);

    expect([token.reveal(), expiresAt, [...scopes]]).toEqual([
      'upstream-token',
      1_060,
      ['contacts:read'],
    ]);
    expect([...read({ ...good, scope: 'a  b' }).scopes]).toEqual(['a', 'b']);
  });

  it.each<[string, unknown]>([
    ['no issued_token_type', { ...good, issued_token_type: undefined }],
    [
      'a refresh token',
      { ...good, issued_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
    ],
    ['a SAML assertion', { ...good, issued_token_type: 'urn:ietf:params:oauth:token-type:saml2' }],
    ['a token longer than 16 KiB', { ...good, access_token: 'a'.repeat(16_385) }],
    ['an empty token', { ...good, access_token: '' }],
    ['nothing', undefined],
    ['scopes that are no text (CASE-70)', { ...good, scope: ['a'] }],
    ['scopes that are a number (CASE-70)', { ...good, scope: 7 }],
    ['a lifetime that is no number (CASE-70)', { ...good, expires_in: {} }],
    ['a type that is no text (CASE-70)', { ...good, token_type: ['Bearer'] }],
    ['a token that is no text (CASE-70)', { ...good, access_token: ['a'] }],
  ])('refuses %s', (_name, json) => {
    expect(() => read(json)).toThrow(
      expect.objectContaining({ code: 'upstream_unavailable', name: 'TokenExchangeError' }),
    );
  });

  it('refuses an answer with a member twice (CASE-70)', () => {
    const text = `{"access_token":"other",${JSON.stringify(good).slice(1)}`;

    expect(() => read(JSON.parse(text), 200, text)).toThrow(
      expect.objectContaining({ code: 'upstream_unavailable' }),
    );
    expect(read(good, 200, JSON.stringify(good)).token.reveal()).toBe('upstream-token');
  });

  it('hands on no claims challenge that is too long to be one', () => {
    const refusal = (length: number) => ({
      error: 'interaction_required',
      claims: 'x'.repeat(length),
    });

    expect(() => read(refusal(4_096), 400)).toThrow(
      expect.objectContaining({ claims: 'x'.repeat(4_096) }),
    );
    expect(() => read(refusal(4_097), 400)).toThrow(expect.objectContaining({ claims: undefined }));
  });
});
