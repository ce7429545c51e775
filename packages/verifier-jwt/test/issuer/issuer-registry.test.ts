/** Several issuers, tenants and clients: nothing of one is good for another. */
import { testContext } from '@sallyport/contract-tests';
import { ConfigError } from '@sallyport/core';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  hmacSecret,
  type JwtVerifierOptions,
  localJwks,
  type TrustedIssuer,
} from '../../src/index.ts';
import { audience, goodClaims, goodOptions, issuer, judge, mint } from '../fixture.ts';

const otherIssuer = 'https://login.example.org';
const otherPair = await generateKeyPair('ES256', { extractable: true });
const otherJwk = { ...(await exportJWK(otherPair.publicKey)), kid: 'es' };
const other: TrustedIssuer = {
  issuer: otherIssuer,
  audience,
  algorithms: ['ES256'],
  keys: localJwks({ keys: [otherJwk] }),
};

/** Signed with the other issuer's key, whose `kid` is the same. */
function mintOther(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return new SignJWT({ ...goodClaims, iss: otherIssuer, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'es' })
    .sign(otherPair.privateKey);
}

describe('two issuers in one verifier (CLM-12)', () => {
  const verifier = createJwtVerifier({ issuers: [goodOptions, other] });

  it('accepts the tokens of both, and says whose they are', async () => {
    expect((await verifier.verify(await mint(), testContext())).issuer).toBe(issuer);
    expect((await verifier.verify(await mintOther(), testContext())).issuer).toBe(otherIssuer);
  });

  it('never verifies a token of one with a key of the other', async () => {
    expect((await judge(await mint({ iss: otherIssuer }), verifier)).code).toBe(
      'token_signature_invalid',
    );
    expect((await judge(await mintOther({ iss: issuer }), verifier)).code).toBe(
      'token_signature_invalid',
    );
  });

  it.each([
    `${issuer}/`,
    issuer.toUpperCase(),
    'https://evil.example.com',
    [issuer],
    [issuer, otherIssuer],
    { 0: issuer },
    null,
    undefined,
    '',
    '__proto__',
  ])('trusts no %j', async (iss) => {
    expect((await judge(await mint({ iss }), verifier)).code).toBe('token_issuer_untrusted');
  });

  it('judges each by its own rules', async () => {
    const audienceOfOther = 'https://other.example.com/mcp';
    const strict = createJwtVerifier({
      issuers: [goodOptions, { ...other, audience: audienceOfOther, profile: 'legacy' }],
    });

    expect((await judge(await mintOther(), strict)).code).toBe('token_audience_mismatch');
    expect((await judge(await mintOther({ aud: audienceOfOther }), strict)).code).toBe('verified');
    expect((await judge(await mint({ aud: audienceOfOther }), strict)).code).toBe(
      'token_audience_mismatch',
    );
    expect((await judge(await mint({}, { typ: 'JWT' }), strict)).code).toBe('token_type_forbidden');
  });

  it('closes the keys of all', async () => {
    const closed: string[] = [];
    const source = (name: string): TrustedIssuer => ({
      ...other,
      issuer: name,
      keys: {
        kind: 'jwks',
        open: () => ({
          find: () => Promise.reject(new Error()),
          close: async () => void closed.push(name),
        }),
      },
    });
    await createJwtVerifier({ issuers: [source('a'), source('b')] }).close?.();

    expect(closed).toEqual(['a', 'b']);
  });

  it.each<[string, string, unknown]>([
    ['the same issuer twice', 'jwt.issuers', [goodOptions, { ...other, issuer }]],
    [
      'the same under another name',
      'jwt.issuers',
      [goodOptions, { ...other, issuerAliases: [issuer] }],
    ],
    [
      'a shared secret beside public keys (TOK-03)',
      'jwt.issuers',
      [goodOptions, { ...other, algorithms: ['HS256'], keys: hmacSecret(randomText()) }],
    ],
    ['none at all', 'jwt.issuers', []],
    ['one without keys', 'jwt.issuers[0].keys', [{ ...other, keys: undefined }]],
  ])('does not start with %s', (_name, option, issuers) => {
    const create = () => createJwtVerifier({ issuers } as JwtVerifierOptions);

    expect(create).toThrow(ConfigError);
    expect(create).toThrow(expect.objectContaining({ option }));
  });
});

it('knows other spellings of one issuer, and always calls it the same', async () => {
  const verifier = createJwtVerifier({ ...goodOptions, issuerAliases: ['auth.example.com'] });
  const token = await mint({ iss: 'auth.example.com' });

  expect((await verifier.verify(token, testContext())).issuer).toBe(issuer);
});

describe('tenants (CLM-13)', () => {
  const ours = '1a111111-2222-4333-8444-555555555555';
  const theirs = '99999999-2222-4333-8444-555555555555';
  const template = 'https://login.example.net/{tenantid}/v2.0';
  const of = (tenant: string) => template.replace('{tenantid}', tenant);
  const jwk = (issuerOfKey?: unknown) => ({ ...otherJwk, issuer: issuerOfKey });
  const verifierFor = (issuerOfKey?: unknown, tenants: readonly string[] = [ours]) =>
    createJwtVerifier({
      ...other,
      issuer: template,
      tenants: tenants as [string],
      keys: localJwks({ keys: [jwk(issuerOfKey)] }),
    });
  const mintFor = (tenant: string, claims: Readonly<Record<string, unknown>> = {}) =>
    mintOther({ iss: of(tenant), tid: tenant, ...claims });

  it('accepts those on the list, each with an issuer of its own', async () => {
    const verifier = verifierFor(template, [ours, theirs.toUpperCase()]);
    for (const tenant of [ours, theirs]) {
      const principal = await verifier.verify(await mintFor(tenant), testContext());
      expect(principal.issuer).toBe(of(tenant));
    }
  });

  it('refuses every other tenant, and one that claims to be two', async () => {
    const verifier = verifierFor(template);
    expect(await judge(await mintFor(theirs), verifier)).toMatchObject({
      code: 'token_issuer_untrusted',
      detail: expect.stringContaining('iss (not verified): differs by the path from'),
    });
    for (const tid of [theirs, undefined, [ours], ours.toUpperCase()]) {
      expect(await judge(await mintFor(ours, { tid }), verifier)).toEqual({
        code: 'token_issuer_untrusted',
        detail: 'tid: differs from the tenant of the issuer',
      });
    }
    expect((await judge(await mintFor(ours, { iss: template }), verifier)).code).toBe(
      'token_issuer_untrusted',
    );
  });

  it.each([
    [template, 'verified'],
    [of(ours), 'verified'],
    [undefined, 'verified'],
    [of(theirs), 'token_issuer_untrusted'],
    // CASE-32: an empty member counts as absent.
    ['', 'verified'],
  ])('with a key for %j are judged by that: %s', async (issuerOfKey, code) => {
    expect((await judge(await mintFor(ours), verifierFor(issuerOfKey))).code).toBe(code);
  });

  it('do not make a key for somebody else one for an issuer without tenants', async () => {
    const verifier = createJwtVerifier({ ...other, keys: localJwks({ keys: [jwk(of(ours))] }) });
    expect((await judge(await mintOther(), verifier)).code).toBe('token_issuer_untrusted');
  });

  it('have GUIDs, and a place in the issuer', () => {
    for (const [option, bad] of [
      ['jwt.tenants', { tenants: ['common'] }],
      ['jwt.tenants', { tenants: [] }],
      ['jwt.tenants', { tenants: ['*'] }],
      ['jwt.issuer', { issuer: otherIssuer }],
      ['jwt.issuer', { tenants: undefined }],
    ] as const) {
      const options = { ...other, issuer: template, tenants: [ours], ...bad };
      expect(() => createJwtVerifier(options as unknown as JwtVerifierOptions)).toThrow(
        expect.objectContaining({ name: 'ConfigError', option }),
      );
    }
  });
});

function randomText(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}
