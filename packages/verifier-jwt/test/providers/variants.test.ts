/** What single presets have besides: dialects, issuers to choose from, spellings. */
import { testContext } from '@sallyport/contract-tests';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  type PresetOptions,
  providers,
  type TrustedIssuer,
} from '../../src/index.ts';
import { judge } from '../fixture.ts';
import { cognito, okta } from './enterprise-shapes.ts';
import { type Claims, createFixtureIssuer, production } from './fixture-issuer.ts';
import { firebase, google, googleIap } from './google-shapes.ts';
import { auth0, clerk, logto } from './hosted-shapes.ts';
import { descope, stytch, supabase } from './project-shapes.ts';
import { resource } from './provider-shape.ts';
import { authentik, oryHydra } from './self-hosted-shapes.ts';

const environment = production;
const { keys, mint } = await createFixtureIssuer();
const other = await createFixtureIssuer();
const common = { environment, keys };

const verify = async (trusted: TrustedIssuer, claims: Claims, header: Claims = {}) =>
  createJwtVerifier(trusted).verify(await mint(claims, header), testContext());

describe('providers.google', () => {
  const any = providers.google({ ...common, audience: google.principal.audience[0] ?? '' });

  it('knows both spellings of its issuer as one (CLM-12)', async () => {
    const { issuer } = await verify(any, { ...google.claims, iss: 'accounts.google.com' });

    expect(issuer).toBe('https://accounts.google.com');
  });

  it('accepts accounts of every domain where none is named', async () => {
    const principal = await verify(any, { ...google.claims, hd: undefined });

    expect(principal.subject).toBe(google.principal.subject);
  });

  it.each([
    ['google', any, google.claims],
    ['firebase', providers.firebase({ ...common, projectId: 'acme-notes' }), firebase.claims],
  ] as const)('gives no scopes to ID tokens of %s, whatever they say (CFG-17)', async (...row) => {
    const [, trusted, claims] = row;
    const { scopes } = await verify(trusted, { ...claims, scope: 'admin', scp: ['admin'] });

    expect(trusted.profile).toBe('id-token');
    expect(scopes).toEqual(new Set());
  });
});

describe('providers.googleIap', () => {
  it.each([
    [660, 30, 'verified'],
    [661, 30, 'token_lifetime_excessive'],
    [600, 31, 'token_not_yet_valid'],
  ])('with a life of %i s that starts in %i s is %s (CLM-05, CLM-06)', async (...row) => {
    const [life, ahead, code] = row;
    const iap = await createFixtureIssuer('ES256');
    const verifier = createJwtVerifier(googleIap.preset({ environment, keys: iap.keys }));
    const now = testContext().nowSeconds;
    const times = { iat: now + ahead, exp: now + ahead + life };

    expect((await judge(await iap.mint({ ...googleIap.claims, ...times }), verifier)).code).toBe(
      code,
    );
  });
});

describe('providers.auth0', () => {
  it('knows the client in either dialect', async () => {
    const trusted = auth0.preset(common);
    const rfc9068 = { ...auth0.claims, azp: undefined, client_id: 'client-2', jti: 'j' };

    expect((await verify(trusted, auth0.claims, { typ: 'JWT' })).clientId).toBe('client-1');
    expect((await verify(trusted, rfc9068, { typ: 'at+jwt' })).clientId).toBe('client-2');
  });

  it('takes permissions in place of scope, and never both (CLM-14)', async () => {
    const options = { ...common, domain: 'acme.eu.auth0.com', audience: resource };
    const trusted = providers.auth0({ ...options, permissions: true });

    expect((await verify(trusted, auth0.claims)).scopes).toEqual(new Set(['notes:delete']));
    expect((await verify(trusted, { ...auth0.claims, permissions: undefined })).scopes).toEqual(
      new Set(),
    );
  });
});

describe('providers.cognito', () => {
  const trusted = providers.cognito({
    ...common,
    region: 'eu-central-1',
    userPoolId: 'eu-central-1_AbCdEfGhI',
    clientIds: [cognito.principal.clientId],
    audience: resource,
  });

  it('judges the audience as well where there is one', async () => {
    const verifier = createJwtVerifier(trusted);
    const verdict = async (claims: Claims) =>
      (await judge(await mint({ ...cognito.claims, ...claims }), verifier)).code;

    expect(await verdict({ aud: resource })).toBe('verified');
    expect(await verdict({})).toBe('token_audience_mismatch');
    expect(await verdict({ aud: 'https://other.acme.com' })).toBe('token_audience_mismatch');
    expect(await verdict({ aud: resource, client_id: 'x' })).toBe('token_audience_mismatch');
  });
});

describe('providers.clerk', () => {
  const trusted = providers.clerk({ ...common, domain: 'clerk.acme.com', clientIds: ['client-1'] });

  it('accepts the tokens of named clients where there is no audience', async () => {
    const claims = { ...clerk.claims, iss: 'https://clerk.acme.com', aud: undefined };
    const verifier = createJwtVerifier(trusted);
    const header = { typ: 'at+jwt' };

    expect(await judge(await mint(claims, header), verifier)).toEqual({ code: 'verified' });
    expect(
      await judge(await mint({ ...claims, client_id: 'client-2' }, header), verifier),
    ).toMatchObject({ code: 'token_audience_mismatch' });
  });
});

describe('providers.descope', () => {
  it.each<[string, PresetOptions<'descope'>['issuer']]>([
    ['https://auth.acme.com/v1/apps/P32juVkF2iM8', 'project'],
    [
      'https://auth.acme.com/v1/apps/agentic/P32juVkF2iM8/MS35d1Xw1Yo6',
      { mcpServerId: 'MS35d1Xw1Yo6' },
    ],
    ['https://auth.acme.com/v1/apps/P32juVkF2iM8/T2abc', { tenantId: 'T2abc' }],
  ])('trusts %s and none of the others, for %j (CLM-12)', async (iss, issuer) => {
    const options = { projectId: 'P32juVkF2iM8', domain: 'auth.acme.com', issuer };
    const trusted = providers.descope({ ...common, ...options, audience: resource });

    expect(trusted.issuer).toBe(iss);
    expect((await verify(trusted, { ...descope.claims, iss })).issuer).toBe(iss);
    expect(await judge(await mint(descope.claims), createJwtVerifier(trusted))).toMatchObject({
      code: 'token_issuer_untrusted',
    });
  });
});

describe('providers.stytch', () => {
  const projectId = stytch.principal.audience[0] ?? '';

  it('has the issuer and the keys of a custom domain', async () => {
    const options = { environment, projectId, domain: 'login.acme.com', audience: resource };
    const { issuer, keys: published } = providers.stytch(options);
    const claims = { ...stytch.claims, iss: 'https://login.acme.com', aud: [resource] };

    expect(issuer).toBe('https://login.acme.com');
    expect(published).toMatchObject({ url: 'https://login.acme.com/.well-known/jwks.json' });
    expect((await verify(providers.stytch({ ...options, keys }), claims)).clientId).toBe(
      stytch.principal.clientId,
    );
  });

  it('has the keys of live projects elsewhere', () => {
    const live = projectId.replace('test', 'live');
    const trusted = providers.stytch({ environment, projectId: live, audience: resource });

    expect(trusted.issuer).toBe(`stytch.com/${live}`);
    expect(trusted.keys).toMatchObject({
      url: `https://api.stytch.com/v1/sessions/jwks/${live}`,
    });
  });
});

describe('providers.oryHydra', () => {
  it('takes its issuer with or without a slash at the end, exactly (CLM-12)', async () => {
    const issuer = 'https://acme.projects.oryapis.com';
    const trusted = providers.oryHydra({ ...common, issuer, audience: resource });
    const claims = { ...oryHydra.claims, iss: issuer };

    expect((await verify(trusted, claims)).issuer).toBe(issuer);
    expect(await judge(await mint(oryHydra.claims), createJwtVerifier(trusted))).toMatchObject({
      code: 'token_issuer_untrusted',
    });
  });

  it('takes scp before scope, whichever the strategy writes (CLM-14)', async () => {
    const claims = { ...oryHydra.claims, scp: undefined, scope: 'from scope' };
    const trusted = oryHydra.preset(common);

    expect((await verify(trusted, claims)).scopes).toEqual(new Set(['from', 'scope']));
    expect((await verify(trusted, { ...claims, scp: ['s'] })).scopes).toEqual(new Set(['s']));
  });
});

it.each([
  ['authentik', authentik, 'RS256'],
  ['supabase', supabase, 'ES256'],
  ['logto', logto, 'ES384'],
] as const)('%s refuses what is signed with a secret (TOK-02)', async (_name, shape, algorithm) => {
  const issuer = await createFixtureIssuer(algorithm);
  const secret = new TextEncoder().encode('the secret of the client, long enough for HS256');
  const token = await new SignJWT(shape.claims)
    .setProtectedHeader({ ...shape.header, alg: 'HS256', kid: 'key-1' })
    .setExpirationTime('5m')
    .sign(secret);
  const verifier = createJwtVerifier(shape.preset({ environment, keys: issuer.keys }));

  expect(await judge(token, verifier)).toMatchObject({ code: 'token_algorithm_forbidden' });
});

it('keeps two providers of one verifier apart (CLM-12)', async () => {
  const verifier = createJwtVerifier({
    issuers: [auth0.preset(common), okta.preset({ environment, keys: other.keys })],
  });

  expect(await judge(await mint(auth0.claims), verifier)).toEqual({ code: 'verified' });
  expect(await judge(await other.mint(okta.claims), verifier)).toEqual({ code: 'verified' });
  for (const token of [await other.mint(auth0.claims), await mint(okta.claims)]) {
    expect(await judge(token, verifier)).toMatchObject({ code: 'token_signature_invalid' });
  }
  const swapped = { ...auth0.claims, aud: 'api://default' };
  expect(await judge(await mint(swapped), verifier)).toMatchObject({
    code: 'token_audience_mismatch',
  });
});
