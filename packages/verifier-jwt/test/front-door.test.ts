/** Settings for a server behind Identity-Aware Proxy, and the scopes of its callers. */
import { testContext } from '@sallyport/contract-tests';
import { ConfigError } from '@sallyport/core';
import { expect, it } from 'vitest';
import { behindGoogleIap, type ScopeGrants } from '../src/index.ts';
import { createFixtureIssuer, production as environment } from './providers/fixture-issuer.ts';
import { googleIap } from './providers/google-shapes.ts';

const audience = '/projects/1234987819200/global/backendServices/6543';

it('grants the scopes of every name that fits, and none without', async () => {
  const { keys, mint } = await createFixtureIssuer('ES256');
  const scopes: ScopeGrants = {
    'domain:acme.com': ['notes:read'],
    'email:ADA@acme.com': ['notes:write'],
    'subject:accounts.google.com:1': ['notes:admin'],
  };
  const { verifier } = behindGoogleIap({ environment, audience, keys, scopes });
  const scopesOf = async (claims: object) => {
    const token = await mint({ ...googleIap.claims, ...claims }, googleIap.header);
    return [...(await verifier.verify(token, testContext())).scopes];
  };

  expect(await scopesOf({})).toEqual(['notes:write', 'notes:read']);
  expect(await scopesOf({ sub: 'accounts.google.com:1', hd: 'a.com', email: 'a@a.com' })).toEqual([
    'notes:admin',
  ]);
  expect(await scopesOf({ hd: undefined, email: 'x@acme.com' })).toEqual([]);
  expect(await scopesOf({ hd: undefined, email_verified: false })).toEqual([]);
  expect(await scopesOf({ hd: 'evil.acme.com', scope: 'notes:read', email: 7 })).toEqual([]);
  await verifier.prepare?.();
  await verifier.close?.();
  expect(verifier.readings?.()).toMatchObject({ cacheHits: expect.any(Number) });
});

it('names its field, no authorization server, and what it cannot see', () => {
  const events: object[] = [];
  const settings = behindGoogleIap({ environment, audience, scopes: {} });
  settings.connect(undefined, (event) => events.push(event))();

  expect(settings).toMatchObject({
    authorizationServers: [],
    credentialField: {
      field: 'x-goog-iap-jwt-assertion',
      authorization: 'ignored',
      hides: ['x-goog-authenticated-user-'],
      ambient: true,
    },
  });
  expect(events).toEqual([
    {
      type: 'front_door_unchecked',
      provider: 'google-iap',
      advice: expect.stringContaining('--ingress internal-and-cloud-load-balancing'),
    },
  ]);
});

it.each<[string, object]>([
  ['scopes', { scopes: undefined }],
  ['scopeGrants', { scopes: { 'acme.com': ['a'] } }],
  ['scopeGrants', { scopes: { 'domain:*': ['a'] } }],
  ['scopeGrants', { scopes: { 'group:a@acme.com': ['a'] } }],
  ['scopes', { scopes: { 'domain:acme.com': 'a' } }],
  ['scopeGrants', { scopes: { 'email:a@a.com': ['a'], 'email:A@a.com': ['b'] } }],
  ['audience', { audience: '/projects/acme/apps/acme' }],
  ['audience', { audience: [] }],
  ['algorithms', { algorithms: ['RS256'] }],
  ['hostedDomain', { hostedDomain: 'ACME' }],
])('refuses a wrong %s', (option, change) => {
  const create = () => behindGoogleIap({ environment, audience, scopes: {}, ...change });

  expect(create).toThrow(ConfigError);
  expect(create).toThrow(option);
});
