import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, localJwks, type PresetOptions, providers } from '../../src/index.ts';
import { judge } from '../fixture.ts';
import { type Claims, createFixtureIssuer, production } from './fixture-issuer.ts';

const acme = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const partner = 'bbbbcccc-1111-dddd-2222-eeee3333ffff';
const stranger = 'ccccdddd-2222-eeee-3333-ffff4444aaaa';
const api = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const apiUri = 'api://notes';
const client = '9c5b94b1-35ad-49bb-b118-8e8fc24abf80';

const { jwk, keys, mint } = await createFixtureIssuer();
const common = { environment: production, keys };

function version2(tenant: string): Claims {
  return {
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    tid: tenant,
    ver: '2.0',
    aud: api,
    azp: client,
    sub: 'pairwise-1',
    scp: 'Notes.Read',
  };
}

function version1(tenant: string): Claims {
  const { azp, ...claims } = version2(tenant);
  const iss = `https://sts.windows.net/${tenant}/`;
  return { ...claims, iss, ver: '1.0', aud: apiUri, appid: azp };
}

const verifierOf = (options: Partial<PresetOptions<'entra'>>) =>
  createJwtVerifier(providers.entra({ ...common, tenants: [acme], audience: api, ...options }));

describe('the keys of providers.entra', () => {
  const urlOf = (options: Partial<PresetOptions<'entra'>>) => {
    const { keys } = providers.entra({
      environment: production,
      tenants: [acme],
      audience: api,
      ...options,
    });
    return 'url' in keys ? keys.url : undefined;
  };

  it.each<[string, Partial<PresetOptions<'entra'>>]>([
    [`https://login.microsoftonline.com/${acme}/discovery/v2.0/keys`, {}],
    [
      `https://login.microsoftonline.com/${acme}/discovery/v2.0/keys`,
      { tenants: [acme.toUpperCase()] },
    ],
    ['https://login.microsoftonline.com/common/discovery/v2.0/keys', { tenants: [acme, partner] }],
    [`https://login.microsoftonline.com/${acme}/discovery/keys`, { tokenVersion: 1 }],
    [
      'https://login.microsoftonline.com/common/discovery/keys',
      { tokenVersion: 1, tenants: [acme, partner] },
    ],
    [
      `https://login.microsoftonline.com/${acme}/discovery/v2.0/keys?appid=${api}`,
      { signingApplicationId: api },
    ],
  ])('are at %s for %j (CLM-13)', (url, options) => {
    expect(urlOf(options)).toBe(url);
  });
});

describe('a token of Entra', () => {
  it('of version 1 has its own issuer, client and audience (CLM-13)', async () => {
    const verifier = verifierOf({ tokenVersion: 1, audience: apiUri });

    await expect(
      verifier.verify(await mint(version1(acme), { typ: 'JWT' }), testContext()),
    ).resolves.toMatchObject({
      issuer: `https://sts.windows.net/${acme}/`,
      subject: 'pairwise-1',
      clientId: client,
      audience: [apiUri],
      scopes: new Set(['Notes.Read']),
    });
    expect(await judge(await mint({ ...version2(acme), aud: apiUri }), verifier)).toMatchObject({
      code: 'token_issuer_untrusted',
    });
    expect(await judge(await mint({ ...version1(acme), ver: '2.0' }), verifier)).toMatchObject({
      code: 'token_claim_invalid',
    });
  });

  it('of an application itself has roles for scopes', async () => {
    const { scp: _scp, ...claims } = version2(acme);
    const token = await mint({ ...claims, sub: 'service-1', idtyp: 'app', roles: ['Notes.All'] });
    const { scopes, subject } = await verifierOf({}).verify(token, testContext());

    expect(subject).toBe('service-1');
    expect(scopes).toEqual(new Set(['Notes.All']));
  });

  it('of a user has what the client may do, and not what the user may (CLM-14)', async () => {
    const token = await mint({ ...version2(acme), roles: ['Notes.All'] });
    const { scopes } = await verifierOf({}).verify(token, testContext());

    expect(scopes).toEqual(new Set(['Notes.Read']));
  });

  it('is accepted for its client only where clients are named', async () => {
    const verifier = verifierOf({ clientIds: [client] });

    expect(await judge(await mint(version2(acme)), verifier)).toEqual({ code: 'verified' });
    expect(await judge(await mint({ ...version2(acme), azp: api }), verifier)).toMatchObject({
      code: 'token_audience_mismatch',
    });
  });
});

describe('a verifier for several tenants', () => {
  const verifier = verifierOf({ tenants: [acme, partner] });

  it.each([acme, partner])('accepts tokens of %s as of its own issuer (CLM-13)', async (tenant) => {
    const { issuer } = await verifier.verify(await mint(version2(tenant)), testContext());

    expect(issuer).toBe(`https://login.microsoftonline.com/${tenant}/v2.0`);
  });

  it.each([
    stranger,
    '{tenantid}',
    'common',
    'organizations',
    '9188040d-6c67-4c5b-b112-36a304b66dad',
  ])('refuses tokens of %s (CLM-13)', async (tenant) => {
    expect(await judge(await mint(version2(tenant)), verifier)).toMatchObject({
      code: 'token_issuer_untrusted',
    });
  });

  it('refuses an issuer with the tid of another trusted tenant (CLM-13)', async () => {
    const token = await mint({ ...version2(acme), tid: partner });

    expect(await judge(token, verifier)).toMatchObject({ code: 'token_issuer_untrusted' });
  });

  it('accepts a key for one tenant only from that tenant (CLM-13)', async () => {
    const withIssuer = (issuer: string) =>
      verifierOf({ tenants: [acme, partner], keys: localJwks({ keys: [{ ...jwk, issuer }] }) });
    const any = withIssuer('https://login.microsoftonline.com/{tenantid}/v2.0');
    const own = withIssuer(`https://login.microsoftonline.com/${partner}/v2.0`);

    expect(await judge(await mint(version2(acme)), any)).toEqual({ code: 'verified' });
    expect(await judge(await mint(version2(partner)), own)).toEqual({ code: 'verified' });
    expect(await judge(await mint(version2(acme)), own)).toMatchObject({
      code: 'token_issuer_untrusted',
    });
  });
});
