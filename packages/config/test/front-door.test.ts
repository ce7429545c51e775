/** Identity-Aware Proxy by variables, with its keys at hand in place of the published ones. */
import { generateKeyPairSync } from 'node:crypto';
import { mintToken } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig, settingsFrom } from '../src/index.ts';
import { load, problemsOf } from './set-up.ts';

const resource = 'https://notes.acme-corp.dev/mcp';
const service = '/projects/1234987819200/locations/europe-west1/services/notes';
const iap = {
  JWT_PROVIDER: 'google-iap',
  JWT_ISSUER: undefined,
  JWT_JWKS_URI: undefined,
  JWT_REQUIRED_SCOPES: undefined,
  JWT_AUDIENCE: service,
  RESOURCE_URL: resource,
  JWT_SCOPE_GRANTS: JSON.stringify({
    'domain:acme.com': ['notes:read'],
    'email:Ada@acme.com': ['notes:write'],
    'subject:accounts.google.com:7': ['notes:read'],
  }),
};

async function arrange() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const config = await load({ ...iap, JWT_PUBLIC_KEY: pem });
  const events: { readonly type: string }[] = [];
  const { gate, close } = await createGateFromConfig(config, {
    tools: { read: ['notes:read'], write: ['notes:write'], about: [] },
    audit: { emit: () => {} },
    onEvent: (event) => events.push(event),
  });
  onTestFinished(close);
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    iss: 'https://cloud.google.com/iap',
    aud: service,
    sub: 'accounts.google.com:9',
    email: 'ada@acme.com',
    hd: 'acme.com',
    iat: now,
    exp: now + 600,
  };
  const assertion = (claims: object = {}) =>
    mintToken({
      key: privateKey,
      claims: { ...usual, ...claims },
      header: { alg: 'ES256', typ: 'JWT' },
    });

  function decide(fields: Readonly<Record<string, string>>, tool = 'read') {
    const all: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...fields };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } };
    return gate.handle({
      method: 'POST',
      target: '/mcp',
      host: 'notes.acme-corp.dev',
      field: (name) => (all[name] === undefined ? [] : [all[name]]),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({ ok: true, value: body }),
    });
  }

  async function call(token: string, tool?: string, fields: Readonly<Record<string, string>> = {}) {
    const decision = await decide({ 'x-goog-iap-jwt-assertion': token, ...fields }, tool);
    return decision.pass ? 200 : decision.answer.status;
  }

  return { assertion, call, config, decide, events, gate };
}

describe('Identity-Aware Proxy', () => {
  it('grants scopes by subject, address and domain, and to nobody else', async () => {
    const { assertion, call } = await arrange();
    const ofDomain = await assertion({ email: 'bob@acme.com' });
    const other = await assertion({ email: 'eve@evil.com', hd: 'evil.com' });
    const ofSubject = await assertion({
      ...{ sub: 'accounts.google.com:7', email: undefined, hd: undefined },
    });
    const looksAlike = await assertion({ email: 'x@acme.com', hd: undefined });

    const tools = ['read', 'write', 'about'];
    const statuses = (token: string) => Promise.all(tools.map((tool) => call(token, tool)));
    expect(await statuses(await assertion())).toEqual([200, 200, 200]);
    expect(await statuses(ofDomain)).toEqual([200, 403, 200]);
    expect(await statuses(ofSubject)).toEqual([200, 403, 200]);
    expect(await statuses(other)).toEqual([403, 403, 200]);
    // The end of an address is no domain: anybody can have one at a personal account.
    expect(await statuses(looksAlike)).toEqual([403, 403, 200]);
  });

  it('reads its own field alone, and refuses other services and other sites', async () => {
    const { assertion, call, decide } = await arrange();
    const good = await assertion();
    const elsewhere = await assertion({ aud: '/projects/1/apps/other' });
    const bearer = await decide({ authorization: `Bearer ${good}` });

    expect(bearer).toMatchObject({ pass: false, answer: { status: 401 } });
    expect(await call(elsewhere)).toBe(401);
    expect(await call(good, 'about', { authorization: 'Bearer another-token-of-the-client' })).toBe(
      200,
    );
    expect(await call(good, 'about', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await call(good, 'about', { 'content-type': 'text/plain' })).toBe(415);
  });

  it('tells the handler who calls, and hides the fields of the proxy', async () => {
    const { assertion, decide } = await arrange();
    const decision = await decide({ 'x-goog-iap-jwt-assertion': await assertion() });

    expect(decision).toMatchObject({
      pass: true,
      authInfo: { extra: { subject: 'accounts.google.com:9' } },
    });
    expect(decision.pass && decision.hiddenFields).toEqual(
      expect.arrayContaining([
        'x-goog-iap-jwt-assertion',
        'authorization',
        'x-goog-authenticated-user-',
      ]),
    );
  });

  it('names no authorization server, and says once that it cannot see around the proxy', async () => {
    const { events, gate } = await arrange();
    const metadata = await gate.handle({
      method: 'GET',
      target: '/.well-known/oauth-protected-resource/mcp',
      host: 'notes.acme-corp.dev',
      field: () => [],
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({ ok: false, fault: 'body_not_json' }),
    });

    expect(metadata).toMatchObject({ pass: false, answer: { status: 200 } });
    expect(JSON.parse((!metadata.pass && metadata.answer.body) || '')).not.toHaveProperty(
      'authorization_servers',
    );
    expect(events.filter(({ type }) => type === 'front_door_unchecked')).toEqual([
      expect.objectContaining({ advice: expect.stringContaining('gcloud run services update') }),
    ]);
  });

  it('allows 30 seconds of clock difference, unless the variable says otherwise', async () => {
    const usual = await load(iap);
    const own = await load({ ...iap, JWT_CLOCK_SKEW: '5' });

    expect([usual, own].map(({ authentication }) => authentication)).toMatchObject([
      { clockSkewSeconds: 30 },
      { clockSkewSeconds: 5 },
    ]);
    const settings = await settingsFrom(usual, { tools: {} });
    expect(settings).toMatchObject({
      authorizationServers: [],
      credentialField: { ambient: true },
    });
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['no audience', { JWT_AUDIENCE: undefined }, 'JWT_AUDIENCE: is missing'],
    [
      'a URL as audience',
      { JWT_AUDIENCE: resource },
      'JWT_AUDIENCE: must be what the console shows',
    ],
    [
      'the id of the project',
      { JWT_AUDIENCE: '/projects/acme/apps/acme' },
      'JWT_AUDIENCE: must be what',
    ],
    ['no address of its own', { RESOURCE_URL: undefined }, 'RESOURCE_URL: is missing'],
    ['another algorithm', { JWT_ALGORITHM: 'RS256' }, 'JWT_ALGORITHM: must be ES256 alone'],
    [
      'keys of another host',
      { JWT_JWKS_URI: 'https://a.dev/jwks' },
      'JWT_JWKS_URI: must be on www.gstatic.com',
    ],
    [
      'PEM keys',
      { JWT_JWKS_URI: 'https://www.gstatic.com/iap/verify/public_key' },
      'JWT_JWKS_URI: leads to keys as PEM',
    ],
    [
      'a name without a kind',
      { JWT_SCOPE_GRANTS: '{"ada@acme.com":["a"]}' },
      'JWT_SCOPE_GRANTS: "ada@acme.com" names nobody',
    ],
    [
      'a wildcard',
      { JWT_SCOPE_GRANTS: '{"domain:*":["a"]}' },
      'JWT_SCOPE_GRANTS: "domain:*" names nobody',
    ],
    ['an address as domain', { JWT_SCOPE_GRANTS: '{"domain:a@acme.com":["a"]}' }, 'names nobody'],
    [
      'two spellings',
      { JWT_SCOPE_GRANTS: '{"email:A@a.com":["a"],"email:a@a.com":["b"]}' },
      'JWT_SCOPE_GRANTS: names "email:a@a.com" twice',
    ],
    [
      'a scope that is none',
      { JWT_SCOPE_GRANTS: '{"domain:acme.com":["a b"]}' },
      'JWT_SCOPE_GRANTS',
    ],
    [
      'scopes that nobody has',
      { JWT_SCOPE_GRANTS: undefined, TOOL_SCOPES: '{"read":["a"]}' },
      'Set FASTMCP_SERVER_AUTH_JWT_SCOPE_GRANTS',
    ],
    [
      'tools for strangers, who came around the proxy',
      { ANONYMOUS_TOOLS: 'read' },
      'ANONYMOUS_TOOLS: must be absent: a request without the credential',
    ],
    [
      'methods for strangers',
      { ANONYMOUS_METHODS: 'ping' },
      'ANONYMOUS_METHODS: must be absent: a request without the credential',
    ],
    [
      'its issuer',
      {
        ...iap,
        JWT_PROVIDER: undefined,
        JWT_SCOPE_GRANTS: undefined,
        JWT_REQUIRED_SCOPES: 'a',
        JWT_ISSUER: 'https://cloud.google.com/iap',
        JWT_JWKS_URI: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      },
      'JWT_ISSUER: is the issuer of Identity-Aware Proxy',
    ],
    [
      'grants for another provider',
      {
        ...iap,
        JWT_PROVIDER: undefined,
        JWT_ISSUER: 'https://a.dev',
        JWT_JWKS_URI: 'https://a.dev/jwks',
        JWT_REQUIRED_SCOPES: 'a',
      },
      'JWT_SCOPE_GRANTS: has no meaning',
    ],
  ])('refuses to start with %s', async (_case, changes, sentence) => {
    const problems = await problemsOf({ ...iap, ...changes });

    expect(problems).toEqual([expect.stringContaining(sentence)]);
  });
});
