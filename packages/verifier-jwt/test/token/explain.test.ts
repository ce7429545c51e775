/** CASE-37: what the detail of a refusal says of an audience, an issuer, and the kind of what was sent. */
import { AuthError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier } from '../../src/index.ts';
import {
  audience,
  goodClaims,
  goodHeader,
  goodOptions,
  judge,
  mint,
  signSegments,
} from '../fixture.ts';
import { audiences, issuers, kinds, tenant, texts } from './expected-details.ts';

const usual = createJwtVerifier(goodOptions);
const ofTenant = createJwtVerifier({ ...goodOptions, issuer: tenant });
const legacy = createJwtVerifier({ ...goodOptions, profile: 'legacy' });

describe('the detail of a refusal', () => {
  const ends = (detail: string | undefined, kind: string | undefined) =>
    expect(detail?.split('; ').slice(1).join('; ')).toBe(kind ?? '');

  it.each(texts)('CASE-37: says what was sent in place of a JWT: %s', async (token, kind) => {
    const { code, detail } = await judge(token, legacy);

    expect(code).toBe('token_malformed');
    ends(detail, kind);
  });

  it.each(audiences)('CASE-37: says how an audience is wrong: %j', async (aud, detail) => {
    expect(await judge(await mint({ aud, azp: 'azp-1' }), usual)).toEqual({
      code: 'token_audience_mismatch',
      detail: `aud: ${detail}`,
    });
  });

  it.each(issuers)('CASE-37: says how an issuer is wrong: %j', async (iss, detail) => {
    expect(await judge(await mint({ iss }), ofTenant)).toEqual({
      code: 'token_issuer_untrusted',
      detail: `iss (not verified): ${detail}`,
    });
  });

  it('CASE-37: tells the issuer and its endpoint from a server on the same host', async () => {
    const own = `${goodOptions.issuer}/mcp`;
    for (const iss of [goodOptions.issuer, `${goodOptions.issuer}/`]) {
      const verifier = createJwtVerifier({ ...goodOptions, issuer: iss, audience: own });
      const detail = async (aud: string) =>
        (await judge(await mint({ iss, aud }), verifier)).detail;

      expect(await detail(goodOptions.issuer)).toMatch(/^aud: the issuer itself/);
      expect(await detail(`${goodOptions.issuer}/userinfo`)).toMatch(/^aud: for the userinfo/);
      expect(await detail(`${own}/`)).toBe(`aud: differs by a trailing slash from ${own}`);
    }
  });

  it.each([
    ['http://localhost:8080/realms/a', 'http://localhost:8080/realms/b', /^differs by the path/],
    [
      'https://login.microsoftonline.com/5d0b9a3e-71c4-4b6f-8f0a-2c9e6d1b7a44/v2.0',
      'https://sts.windows.net/5d0b9a3e-71c4-4b6f-8f0a-2c9e6d1b7a44/',
      /^a version 1 token of Entra, and version 2 is configured/,
    ],
  ])('CASE-37: compares issuers of one provider: %s with %s', async (own, iss, detail) => {
    const verifier = createJwtVerifier({ ...goodOptions, issuer: own });
    const judged = await judge(await mint({ iss }), verifier);

    expect(judged.detail?.replace('iss (not verified): ', '')).toMatch(detail);
  });

  it.each(kinds)('CASE-37: says which kind of token it is: %j', async (claims, kind) => {
    const { detail } = await judge(await mint({ aud: 'elsewhere', ...claims }), usual);

    expect(detail).toBe(
      `aud: for another server or client; configured: ${audience}${
        kind === undefined ? '' : `; ${kind}; the client must send the access token`
      }`,
    );
  });

  it.each([
    ['token_issuer_untrusted', { iss: 'https://elsewhere.example.org' }, {}, true],
    ['token_algorithm_forbidden', {}, { alg: 'HS256' }, true],
    ['token_type_forbidden', {}, { typ: 'JWT' }, true],
    ['token_claim_invalid', { sub: undefined }, {}, true],
    ['token_key_unknown', {}, { kid: 'x' }, false],
    ['token_expired', { exp: 1, iat: 0 }, {}, false],
  ])('CASE-37: explains an ID token that is %s', async (code, claims, header, isExplained) => {
    const token = await signSegments(
      { ...goodHeader, ...header },
      { ...goodClaims, nonce: 'n', ...claims },
    );
    const judged = await judge(token, usual);

    expect(judged.code).toBe(code);
    expect(judged.detail?.includes('; this is an ID token') ?? false).toBe(isExplained);
  });

  it('CASE-37: explains an ID token that a key source refuses without a detail', async () => {
    const find = () => Promise.reject(new AuthError('token_issuer_untrusted'));
    const verifier = createJwtVerifier({
      ...goodOptions,
      keys: { kind: 'jwks', open: () => ({ find, close: async () => {} }) },
    });

    expect(await judge(await mint({ nonce: 'n' }), verifier)).toEqual({
      code: 'token_issuer_untrusted',
      detail: 'this is an ID token; the client must send the access token',
    });
  });

  it('CASE-37: explains no ID token where ID tokens are wanted', async () => {
    const idTokens = createJwtVerifier({ ...goodOptions, profile: 'id-token' });
    const detail = async (claims: object) =>
      (await judge(await mint({ aud: 'elsewhere', ...claims }, { typ: 'JWT' }), idTokens)).detail;

    expect(await detail({ nonce: 'n' })).not.toContain('ID token');
    expect(await detail({ typ: 'Refresh' })).toContain('this is a refresh token');
  });
});
