/** What can be asked of claims beyond RFC 9068: clients, fixed values, other places for scopes. */
import { testContext } from '@sallyport/contract-tests';
import { ConfigError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, type JwtVerifierOptions } from '../../src/index.ts';
import { audience, goodOptions, judge, mint, now } from '../fixture.ts';

type Changes = Readonly<Record<string, unknown>>;
const verifierWith = (changes: Changes) =>
  createJwtVerifier({ ...goodOptions, ...changes } as unknown as JwtVerifierOptions);
const verify = async (changes: Changes, claims: Changes, header: Changes = {}) =>
  verifierWith(changes).verify(await mint(claims, header), testContext());

describe('clients in the place of the audience (CLM-09, CLM-19)', () => {
  const { audience: _none, ...withoutAudience } = goodOptions;
  const byClient = createJwtVerifier({ ...withoutAudience, clientIds: ['client-1', 'client-2'] });

  it.each([undefined, 'authenticated', ['account'], []])('accept a token for %j', async (aud) => {
    expect((await judge(await mint({ aud }), byClient)).code).toBe('verified');
  });

  it.each([
    ['token_audience_mismatch', { client_id: 'client-3' }],
    ['token_audience_mismatch', { client_id: 'client-1 ' }],
    ['token_audience_mismatch', { client_id: 'CLIENT-1' }],
    ['token_claim_invalid', { client_id: undefined }],
    ['token_claim_invalid', { client_id: ['client-1'] }],
    ['token_claim_invalid', { client_id: undefined, azp: 'client-1' }],
    ['token_audience_mismatch', { aud: [7] }],
  ])('give %s for %j', async (code, claims) => {
    expect((await judge(await mint(claims), byClient)).code).toBe(code);
  });

  it('never let a subject pass for a client (CLM-16)', async () => {
    const legacy = createJwtVerifier({
      ...withoutAudience,
      profile: 'legacy',
      clientIds: ['client-1'],
    });
    const claims = { client_id: undefined };

    for (const sub of ['client-1', 'undefined']) {
      expect((await judge(await mint({ ...claims, sub }), legacy)).code).toBe(
        'token_claim_invalid',
      );
    }
    expect((await judge(await mint({ client_id: undefined, azp: 'client-1' }), legacy)).code).toBe(
      'verified',
    );
  });

  it('narrow an audience where both are given', async () => {
    const both = verifierWith({ clientIds: ['client-1'] });

    expect((await judge(await mint(), both)).code).toBe('verified');
    expect(await judge(await mint({ client_id: 'client-2' }), both)).toEqual({
      code: 'token_audience_mismatch',
      detail: 'client_id: another client than those configured',
    });
    expect((await judge(await mint({ aud: 'x' }), both)).code).toBe('token_audience_mismatch');
  });

  it.each([
    ['jwt.audience', { audience: undefined }],
    ['jwt.audience', { audience: undefined, clientIds: undefined }],
    ['jwt.clientIds', { audience: undefined, clientIds: [] }],
    ['jwt.clientIds', { audience: undefined, clientIds: ['*'] }],
    ['jwt.clientIds', { clientIds: [''] }],
  ])('do not start with a bad %s: %j', (option, changes) => {
    expect(() => verifierWith(changes)).toThrow(ConfigError);
    expect(() => verifierWith(changes)).toThrow(expect.objectContaining({ option }));
  });
});

it('can look for the client elsewhere', async () => {
  const claims = { client_id: undefined, cid: 'c' };
  expect((await verify({ clientIdClaims: ['cid'] }, claims)).clientId).toBe('c');
  const others = verifierWith({ clientIdClaims: ['app', 'appid'] });
  expect((await judge(await mint(claims), others)).detail).toBe(
    'app, appid: absent; needs the client',
  );
});

it('can find the client in a subject that begins like one, and in no other (CLM-16)', async () => {
  const rules = { profile: 'legacy', clientSubjectPrefix: 'client_' };
  const clientOf = async (sub: string) =>
    (await verify(rules, { client_id: undefined, sub })).clientId;

  expect(await clientOf('client_7')).toBe('client_7');
  const named = verifierWith({ ...rules, clientIds: ['client_7'] });
  for (const [sub, code] of [
    ['client_7', 'verified'],
    ['client_8', 'token_audience_mismatch'],
    ['user_client_', 'token_claim_invalid'],
  ] as const) {
    expect((await judge(await mint({ client_id: undefined, sub }), named)).code).toBe(code);
  }
});

it.each(['ID', 'id'])(
  'refuses the claim typ of an ID token, %s, in legacy tokens (TOK-16)',
  async (typ) => {
    const legacy = verifierWith({ profile: 'legacy' });

    expect(await judge(await mint({ typ }), legacy)).toMatchObject({
      code: 'token_type_forbidden',
      detail: expect.stringMatching(/^typ/),
    });
    expect((await judge(await mint({ typ: 'Bearer' }), legacy)).code).toBe('verified');
  },
);

it('refuses an empty beginning of client subjects: every subject has it', () => {
  expect(() => verifierWith({ profile: 'legacy', clientSubjectPrefix: '' })).toThrow(
    expect.objectContaining({ option: 'jwt.clientSubjectPrefix' }),
  );
});

it('CASE-37: says so when the audience is the issuer', async () => {
  expect(await judge(await mint({ aud: goodOptions.issuer }))).toMatchObject({
    code: 'token_audience_mismatch',
    detail: expect.stringContaining('the issuer itself'),
  });
});

it('can refuse tokens for several audiences (CLM-10)', async () => {
  const single = verifierWith({ singleAudience: true });

  expect((await judge(await mint({ aud: [audience] }), single)).code).toBe('verified');
  expect(await judge(await mint({ aud: [audience, 'x'] }), single)).toEqual({
    code: 'token_audience_mismatch',
    detail: 'aud: several',
  });
});

describe('required claims', () => {
  const strict = verifierWith({ requiredClaims: { token_use: 'access', email_verified: true } });

  it('must have their value', async () => {
    const claims = { token_use: 'access', email_verified: true };
    expect((await judge(await mint(claims), strict)).code).toBe('verified');
  });

  it('may have one of several values, and a refusal names the claim and the values', async () => {
    const several = verifierWith({ requiredClaims: { kind: ['a', 'b'] } });

    expect((await judge(await mint({ kind: 'b' }), several)).code).toBe('verified');
    expect((await judge(await mint({ kind: 'c' }), several)).detail).toBe(
      'kind: another value; must be a or b',
    );
    expect((await judge(await mint(), several)).detail).toBe('kind: absent; must be a or b');
  });

  it.each([
    { token_use: 'id', email_verified: true },
    { token_use: ['access'], email_verified: true },
    { token_use: 'access', email_verified: 'true' },
    { token_use: 'access' },
    {},
  ])('are missed in %j', async (claims) => {
    expect((await judge(await mint(claims), strict)).code).toBe('token_claim_invalid');
  });
});

describe('scopes (CLM-14)', () => {
  const scopes = async (scopeClaims: unknown, claims: Changes) => [
    ...(await verify({ scopeClaims }, { scope: undefined, ...claims })).scopes,
  ];

  it('come from the claim that was named, and from no other', async () => {
    expect(await scopes(['permissions'], { scope: 'a', permissions: ['b'] })).toEqual(['b']);
    expect(await scopes(['permissions'], { scope: 'a' })).toEqual([]);
    expect(await scopes(['scp', 'roles'], { scp: 'a', roles: ['b'] })).toEqual(['a']);
    expect(await scopes(['scp', 'roles'], { roles: ['b'] })).toEqual(['b']);
    expect(await scopes([['realm_access', 'roles']], { realm_access: { roles: ['c'] } })).toEqual([
      'c',
    ]);
  });
});

describe('the profile id-token (TOK-16, CFG-17)', () => {
  const idTokens = { profile: 'id-token', audience: 'client-1' };
  const idToken = { aud: 'client-1', client_id: undefined, nonce: 'n', at_hash: 'h' };

  it.each([{ typ: 'JWT' }, { typ: undefined }])('accepts an ID token with %j', async (header) => {
    const principal = await verify(idTokens, { ...idToken, azp: 'client-1' }, header);

    expect(principal).toMatchObject({ clientId: 'client-1', audience: ['client-1'] });
  });

  it('grants no scope, whatever the token says', async () => {
    const principal = await verify(idTokens, { ...idToken, scope: 'admin' }, { typ: 'JWT' });

    expect(principal.scopes.size).toBe(0);
  });

  it('takes no access token for one', async () => {
    const token = await mint({ aud: 'client-1' });
    expect((await judge(token, verifierWith(idTokens))).code).toBe('token_type_forbidden');
  });
});

it.each([
  'oauth-id-jag+jwt',
  'dpop+jwt',
  'logout+jwt',
  'secevent+jwt',
  'token-introspection+jwt',
  'entity-statement+jwt',
  'kb+jwt',
])('takes no %s in any profile (TOK-16)', async (typ) => {
  for (const profile of ['rfc9068', 'legacy', 'id-token']) {
    expect((await judge(await mint({}, { typ }), verifierWith({ profile }))).code).toBe(
      'token_type_forbidden',
    );
  }
});

it('judges times as ever (CLM-05)', async () => {
  const short = verifierWith({ maximumLifetimeSeconds: 600 });
  expect((await judge(await mint({ exp: now + 661 }), short)).code).toBe(
    'token_lifetime_excessive',
  );
});
