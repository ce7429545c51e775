/** Several issuers by variables: each entry has rules and keys of its own. */
import { startAuthorizationServer } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsFrom } from '../src/index.ts';
import { load, openGate, prefix, problemsOf } from './set-up.ts';

const several = {
  JWT_ISSUER: undefined,
  JWT_JWKS_URI: undefined,
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
};
const list = (...entries: readonly object[]) => ({
  ...several,
  JWT_ISSUERS: JSON.stringify(entries),
});
const okta = { provider: 'okta', tenant: 'acme.okta.com/oauth2/default', audience: 'api://notes' };
const own = { issuer: 'https://id.acme-corp.dev' };

describe('a list of issuers', () => {
  it('gives protect the issuers, each with its own rules', async () => {
    const config = await load(list({ ...own, algorithm: 'ES256' }, okta));
    const { issuer, verifier } = await settingsFrom(config, { tools: {} });

    expect(verifier).toBeUndefined();
    expect(issuer).toMatchObject([
      { issuer: 'https://id.acme-corp.dev', algorithms: ['ES256'] },
      { issuer: 'https://acme.okta.com/oauth2/default', audience: ['api://notes'] },
    ]);
  });

  it.each([
    'https://id.acme-corp.dev,https://login.acme-corp.dev',
    'https://id.acme-corp.dev https://login.acme-corp.dev',
    '["https://id.acme-corp.dev","https://login.acme-corp.dev"]',
  ])('may stand in the variable of one issuer: %s', async (JWT_ISSUER) => {
    const { issuer } = await settingsFrom(await load({ ...several, JWT_ISSUER }), { tools: {} });

    expect(issuer).toMatchObject([
      { issuer: 'https://id.acme-corp.dev' },
      { issuer: 'https://login.acme-corp.dev' },
    ]);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['keys', { ...list(own, okta), JWT_JWKS_URI: 'https://a.dev/jwks' }, 'JWT_JWKS_URI: has the'],
    ['a key', { ...list(own, okta), JWT_PUBLIC_KEY: 'x' }, 'JWT_PUBLIC_KEY: is the key of one'],
    ['HMAC', { ...list(own, okta), JWT_ALGORITHM: 'HS256' }, 'JWT_ALGORITHM: must not be an HMAC'],
    [
      'HMAC in an entry',
      list(own, { ...own, algorithm: 'HS512' }),
      'JWT_ISSUERS[1].algorithm: must not be an HMAC',
    ],
    ['one issuer', { ...list(own, okta), JWT_ISSUER: 'https://a.dev' }, 'JWT_ISSUER: must not be'],
    ['a provider', { ...list(own, okta), JWT_PROVIDER: 'okta' }, 'JWT_PROVIDER: must not be set'],
    ['a tenant', { ...list(own, okta), JWT_TENANT: 'a.okta.com' }, 'JWT_TENANT: must not be set'],
    ['the same issuer', list(own, own), 'JWT_ISSUERS: names the same issuer twice'],
    ['no tenant', list(own, { provider: 'okta' }), 'JWT_ISSUERS[1].tenant: must be'],
    ['no issuer', list(own, { audience: 'a' }), 'JWT_ISSUERS[1].issuer: is missing'],
    [
      'no client',
      list(own, { ...okta, provider: 'cognito', tenant: 'eu-west-1_A' }),
      'JWT_ISSUERS[1].client_ids: is missing',
    ],
    [
      'a tenant that is none',
      list(own, { provider: 'auth0', tenant: 'acme_corp' }),
      'JWT_ISSUERS: entry 1, tenant: must be',
    ],
    [
      'the same address twice',
      { ...several, JWT_ISSUER: 'https://a.dev,https://a.dev' },
      'JWT_ISSUER: names the same issuer twice',
    ],
    [
      'an unknown member',
      list(own, { ...okta, tennant: 'x' }),
      'JWT_ISSUERS: has an unknown member',
    ],
    [
      'a misspelt provider',
      list(own, { provider: 'otka' }),
      'JWT_ISSUERS[1].provider: must be auth0',
    ],
    ['no list', { ...several, JWT_ISSUERS: '{}' }, 'JWT_ISSUERS: must be JSON such as'],
    ['an empty list', { ...several, JWT_ISSUERS: '[]' }, 'JWT_ISSUERS: must be JSON such as'],
    [
      'Identity-Aware Proxy',
      list(own, { provider: 'google-iap', audience: '/projects/1/apps/a' }),
      'JWT_ISSUERS: must not have google-iap',
    ],
    [
      'a list of providers',
      { ...several, JWT_PROVIDER: 'okta,auth0' },
      'JWT_PROVIDER: must be one provider',
    ],
    [
      'clients for all',
      { ...several, JWT_ISSUER: 'https://a.dev,https://b.dev', JWT_CLIENT_IDS: 'c' },
      'JWT_CLIENT_IDS: is for one issuer',
    ],
    [
      'a sign-in',
      {
        ...list(own, okta),
        [`${prefix}SIGN_IN_CLIENT_ID`]: 'notes',
        [`${prefix}SIGN_IN_KEY`]: 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe2Xb4',
        [`${prefix}SIGN_IN_URL`]: 'https://id.acme-corp.dev/authorize',
        [`${prefix}SIGN_IN_TOKEN_URL`]: 'https://id.acme-corp.dev/token',
      },
      'SIGN_IN_CLIENT_ID: is for one issuer, and there are several',
    ],
  ])('CASE-31: refuses to start with %s', async (_case, changes, sentence) => {
    const problems = await problemsOf(changes);

    expect(problems[0]).toContain(sentence);
    expect(problems).toHaveLength(1);
  });

  it('CLM-12: accepts the tokens of each issuer, by the keys of each', async () => {
    const [a, b, stranger] = await Promise.all([
      startAuthorizationServer(),
      startAuthorizationServer(),
      startAuthorizationServer(),
    ]);
    onTestFinished(async () => {
      await Promise.all([a, b, stranger].map((each) => each?.stop()));
    });
    if (a === undefined || b === undefined || stranger === undefined) return;
    const audience = 'http://localhost:8080/mcp';
    const config = await load({
      ENVIRONMENT: 'development',
      RESOURCE_URL: audience,
      JWT_AUDIENCE: audience,
      JWT_ISSUER: undefined,
      JWT_JWKS_URI: undefined,
      JWT_ISSUERS: JSON.stringify([{ issuer: a.issuer }, { issuer: b.issuer }]),
    });
    const { call } = await openGate(config, { hello: [] });
    const statusOf = async (server: typeof a, claims: object = {}) =>
      call(await server.mintToken({ aud: audience, scope: 'read:data', ...claims }));

    expect(await statusOf(a)).toBe(200);
    expect(await statusOf(b)).toBe(200);
    expect(await statusOf(stranger)).toBe(401);
    // The keys of one issuer say nothing about the tokens of another.
    for (const [signer, named] of [
      [stranger, a],
      [a, b],
    ] as const) {
      const [header = ''] = (await named.mintToken()).split('.');
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
      const claims = { iss: named.issuer, aud: audience, scope: 'read:data' };
      expect(await call(await signer.mintToken(claims, { kid }))).toBe(401);
    }
  });
});

describe('several audiences', () => {
  const urls = 'https://a.acme-corp.dev/mcp,https://b.acme-corp.dev/mcp';

  it.each([
    ['https://a.acme-corp.dev/mcp,api://notes', 'https://a.acme-corp.dev/mcp'],
    ['api://notes,https://a.acme-corp.dev/mcp', 'https://a.acme-corp.dev/mcp'],
  ])('%s have one URL, which is that of the server', async (JWT_AUDIENCE, resource) => {
    expect((await load({ RESOURCE_URL: undefined, JWT_AUDIENCE })).resource).toBe(resource);
  });

  it('need RESOURCE_URL where several are URLs, and where none is', async () => {
    const asked = await problemsOf({ RESOURCE_URL: undefined, JWT_AUDIENCE: urls });
    const none = await problemsOf({ RESOURCE_URL: undefined, JWT_AUDIENCE: 'api://a,api://b' });

    expect(asked).toEqual([expect.stringContaining('RESOURCE_URL: is missing')]);
    expect(none).toEqual([expect.stringContaining('RESOURCE_URL: is missing')]);
    expect(
      await problemsOf({ RESOURCE_URL: 'https://a.acme-corp.dev/mcp', JWT_AUDIENCE: urls }),
    ).toEqual([]);
  });
});
