import { createServer } from 'node:http';
import {
  type AuditEvent,
  ConfigError,
  detectEnvironment,
  type OperationalEvent,
} from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { providers } from '@sallyport/verifier-jwt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { composeGate, type ProtectSettings } from '../src/index.ts';
import { protect } from '../src/node.ts';
import {
  ask,
  callTool,
  environment,
  listening,
  resource,
  right,
  settingsFor,
  startIssuer,
  tools,
  typesOf,
} from './fixture.ts';

let issuer: AuthorizationServer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

const reached = (_request: unknown, response: { end(text: string): unknown }) =>
  void response.end('reached');

async function start(settings: Parameters<typeof protect>[0]) {
  const listener = await protect(settings, reached);
  const server = await listening(createServer(listener));
  onTestFinished(async () => {
    await server.close();
    await listener.close();
  });
  return server;
}

describe('defaults', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
    'are enough for an issuer that signs with %s',
    async (algorithm) => {
      const signing = await startAuthorizationServer({
        algorithm,
        resources: [{ resource, scopes: ['notes:read', 'notes:write'] }],
      });
      onTestFinished(() => signing.stop());
      const server = await start(settingsFor(signing));

      expect(await ask(server.url, signing)).toEqual(right);
    },
  );

  it.each([
    ['another audience', { aud: 'https://mcp.example.com/other' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://auth.example.com' }],
    ['an end that is over', { exp: 1 }],
    ['no end', { exp: undefined }],
    ['what only ID tokens have', { nonce: 'a' }],
  ])('refuse a token with %s', async (_name, claims) => {
    const server = await start(settingsFor(issuer));

    expect(
      (await callTool(`${server.url}/mcp`, 'read_note', await issuer.mintToken(claims))).status,
    ).toBe(401);
  });

  it('tell clients to ask for the scopes of the tool that needs the fewest', async () => {
    const { guard } = await composeGate({
      ...settingsFor(issuer),
      tools: { write_note: ['notes:read', 'notes:write'], read_note: ['notes:read'] },
    });
    const free = await composeGate({ ...settingsFor(issuer), tools: { a: ['x'], b: [] } });
    const required = await composeGate({ ...settingsFor(issuer), requiredScopes: ['base'] });

    expect(guard.initialScopes).toEqual(['notes:read']);
    expect(free.guard.initialScopes).toEqual([]);
    expect(required.guard.initialScopes).toEqual(['base', 'notes:read']);
  });

  it('ask every scope of the table for a tool that is not in it', async () => {
    const server = await start(settingsFor(issuer));
    const call = async (...scopes: string[]) =>
      callTool(
        `${server.url}/mcp`,
        'delete_everything',
        await issuer.issueToken({ resource, scopes }),
      );
    const refused = await call('notes:write');

    expect(refused.status).toBe(403);
    expect(refused.headers.get('WWW-Authenticate')).toContain('scope="notes:read notes:write"');
    expect((await call('notes:read', 'notes:write')).status).toBe(200);
  });

  it('limit failures of one address', async () => {
    const server = await start(settingsFor(issuer));
    const statuses = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      statuses.push((await callTool(`${server.url}/mcp`, 'read_note', 'bad')).status);
    }

    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('take the environment for production, whose issuers use https', async () => {
    const { environment: _environment, ...settings } = settingsFor(issuer);

    await expect(composeGate(settings)).rejects.toThrow(/^protect\.issuer: .*must be an https URL/);
  });

  it('start without the issuer, and report it', async () => {
    const away = await startIssuer();
    await away.pause();
    onTestFinished(() => away.stop());
    const events: OperationalEvent[] = [];
    const composed = await composeGate(settingsFor(away, events));
    await composed.prepare();
    await composed.close();

    expect(typesOf(events)).toEqual(['keys_unavailable']);
  });
});

describe('values in place of defaults', () => {
  it('two issuers, each with keys of its own', async () => {
    const other = await startIssuer();
    onTestFinished(() => other.stop());
    const server = await start({ ...settingsFor(issuer), issuer: [issuer.issuer, other.issuer] });
    const forged = await issuer.mintToken({ iss: other.issuer });

    expect(await ask(server.url, issuer)).toEqual(right);
    expect(await ask(server.url, other)).toEqual(right);
    // The other issuer may have a newer key of that name: whoever cannot tell says 503 (CASE-27).
    expect([401, 503]).toContain((await callTool(`${server.url}/mcp`, 'read_note', forged)).status);
  });

  it('what a provider returns, beside an address', async () => {
    const auth0 = providers.auth0({
      domain: 'acme.eu.auth0.com',
      audience: resource,
      environment,
    });
    const server = await start({ ...settingsFor(issuer), issuer: [auth0, issuer.issuer] });
    const metadata = await fetch(`${server.url}/.well-known/oauth-protected-resource/mcp`);

    expect(await metadata.json()).toMatchObject({
      authorization_servers: ['https://acme.eu.auth0.com/', issuer.issuer],
    });
  });

  it('every tenant of an issuer that has several', async () => {
    const tenants = [
      '72f988bf-86f1-41af-91ab-2d7cd011db47',
      '5f1a6d52-0a9c-4b5e-8b1c-0a2f7c9b1d3e',
    ] as const;
    const entra = providers.entra({ tenants, audience: resource, environment } as never);
    const server = await start({ ...settingsFor(issuer), issuer: [entra, issuer.issuer] });
    const metadata = await fetch(`${server.url}/.well-known/oauth-protected-resource/mcp`);

    expect(await metadata.json()).toMatchObject({
      authorization_servers: [
        ...tenants.map((tenant) => `https://login.microsoftonline.com/${tenant}/v2.0`),
        issuer.issuer,
      ],
    });
  });

  it('another audience', async () => {
    const server = await start({ ...settingsFor(issuer), audience: ['notes', 'api://notes'] });
    const call = async (aud: string) =>
      callTool(`${server.url}/mcp`, 'write_note', await issuer.mintToken({ aud }));

    expect((await call('api://notes')).status).toBe(200);
    expect((await call(resource)).status).toBe(401);
  });

  it('a verifier, with the issuers that clients are sent to', async () => {
    const { issuer: _issuer, ...settings } = settingsFor(issuer);
    const verifier = {
      name: 'mine',
      verify: async () => ({
        issuer: 'https://auth.example.com',
        subject: 'ada',
        clientId: 'client',
        audience: [resource],
        scopes: new Set(['notes:write']),
        expiresAt: 4_000_000_000,
        claims: {},
      }),
    };
    const server = await start({
      ...settings,
      verifier,
      authorizationServers: ['https://auth.example.com'],
    });

    expect((await callTool(`${server.url}/mcp`, 'write_note', 'opaque')).status).toBe(200);
    await expect(composeGate({ ...settings, verifier } as never)).rejects.toThrow(
      /^protect\.authorizationServers: is missing/,
    );
  });

  it('a limiter, an audit sink and a clock of events', async () => {
    const decisions: AuditEvent[] = [];
    const server = await start({
      ...settingsFor(issuer),
      audit: { emit: (event) => void decisions.push(event) },
      rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1 }),
    });
    for (const _attempt of [1, 2]) await callTool(`${server.url}/mcp`, 'read_note', 'bad');

    expect(decisions.map(({ code }) => code)).toEqual(['token_malformed', 'rate_limited']);
  });

  it('a promise of settings', async () => {
    const server = await start(Promise.resolve(settingsFor(issuer)));

    expect(await ask(server.url, issuer)).toEqual(right);
  });

  it('a fixed list of tokens, in development alone', async () => {
    const token = 'a-development-token-of-32-characters';
    const developmentTokens = { [token]: { clientId: 'me', scopes: ['notes:write'] } };
    const settings = { resource, tools, developmentTokens, environment, onEvent: () => {} };
    const server = await start({ ...settings, audit: { emit: () => {} } });

    expect((await callTool(`${server.url}/mcp`, 'write_note', token)).status).toBe(200);
    await expect(composeGate({ ...settings, environment: detectEnvironment({}) })).rejects.toThrow(
      /^protect\.developmentTokens: static tokens are for development/,
    );
    await expect(
      composeGate({
        ...settings,
        developmentTokens: { 'dev-token-12345': { clientId: 'me', scopes: [] } },
      }),
    ).rejects.toThrow(/^protect\.developmentTokens: .*too easy to guess/);
  });

  it('no authentication, in development alone, and with a warning', async () => {
    const events: OperationalEvent[] = [];
    const settings = {
      resource,
      tools,
      environment,
      dangerouslyOmitAuthentication: true as const,
      audit: { emit: () => {} },
      onEvent: (event: OperationalEvent) => void events.push(event),
    };
    const server = await start(settings);

    expect((await callTool(`${server.url}/mcp`, 'write_note')).status).toBe(200);
    expect(typesOf(events)).toContain('authentication_omitted');
    await expect(composeGate({ ...settings, environment: detectEnvironment({}) })).rejects.toThrow(
      /^protect\.dangerouslyOmitAuthentication: is refused in production/,
    );
    await expect(
      composeGate({ ...settings, dangerouslyOmitAuthentication: false } as never),
    ).rejects.toThrow(/must be one of true/);
  });
});

describe('a wrong setting stops the start, and is named as it was written (OPS-12)', () => {
  const rows: readonly (readonly [name: string, change: object, message: RegExp])[] = [
    ['no issuer', { issuer: undefined }, /^protect\.issuer: is missing.*verifier/],
    ['no resource', { resource: undefined }, /^protect\.resource: is missing/],
    ['no tools', { tools: undefined }, /^protect\.tools: is missing/],
    [
      'a misspelt setting',
      { requiredScope: [] },
      /unknown option requiredScope. Did you mean requiredScopes/,
    ],
    [
      'two ways',
      { developmentTokens: {} },
      /^protect\.developmentTokens: cannot stand beside issuer/,
    ],
    ...['apiKeys', 'denial', 'policy', 'quota'].map(
      (name) =>
        [
          `${name} where everybody is let in`,
          {
            issuer: undefined,
            dangerouslyOmitAuthentication: true,
            [name]: { name, check() {}, beside() {}, credentialField: {} },
          },
          new RegExp(`^protect\\.${name}: has no effect beside dangerouslyOmitAuthentication`),
        ] as const,
    ),
    [
      'API keys where every token must be bound to its sender',
      {
        apiKeys: { beside() {}, credentialField: {} },
        senderConstraints: [
          { method: 'jkt', scheme: 'DPoP', algorithms: ['ES256'], required: true, confirm() {} },
        ],
      },
      /^protect\.apiKeys: has no effect beside a required sender constraint/,
    ],
    [
      'API keys behind a front door',
      {
        apiKeys: { beside() {}, credentialField: {} },
        credentialField: { field: 'x-front-door-assertion', authorization: 'ignored' },
      },
      /^protect\.apiKeys: has no effect beside credentialField/,
    ],
    [
      'no issuer in the list',
      { issuer: [] },
      /^protect\.issuer: must be the issuer's https address/,
    ],
    [
      'a provider that was not called',
      { issuer: providers.auth0 },
      /^protect\.issuer: must be the issuer's/,
    ],
    ['an issuer without https', { issuer: 'http://auth.example.com' }, /^protect\.issuer: .*https/],
    ['an issuer that is no URL', { issuer: 'auth.example.com' }, /^protect\.issuer: must be a URL/],
    ['an issuer with a query', { issuer: 'https://auth.example.com?a' }, /^protect\.issuer: /],
    [
      'an issuer twice',
      { issuer: ['https://a.example', 'https://a.example'] },
      /^protect\.issuer: names the same issuer twice/,
    ],
    [
      'a resource with a slash',
      { resource: 'https://mcp.example.com/mcp/' },
      /^protect\.resource: must not end in a slash/,
    ],
    [
      'a resource without https',
      { resource: 'http://mcp.example.com/mcp' },
      /^protect\.resource: must be an https URL/,
    ],
    ['a list of tools', { tools: ['read_note'] }, /^protect\.tools/],
    ['a scope that is none', { tools: { read_note: ['a b'] } }, /^protect\.tools\.read_note: /],
    [
      'a scope in place of a list',
      { tools: { read_note: 'notes:read' } },
      /^protect\.tools\.read_note: /,
    ],
    ['a scope of the issuer', { tools: { read_note: ['offline_access'] } }, /^protect\.tools: /],
    ['a wrong prompt', { prompts: { a: ['a b'] } }, /^protect\.prompts\.a: /],
    ['a required scope that is none', { requiredScopes: ['"'] }, /^protect\.requiredScopes: /],
    ['a hierarchy that is none', { scopeHierarchy: { a: ['"'] } }, /^protect\.scopeHierarchy/],
    ['an audience that is none', { audience: '' }, /^protect\.audience: /],
    ['an audience of every kind', { audience: '*' }, /^protect\.audience: /],
    [
      'a limiter that is none',
      { rateLimiter: {} },
      /^protect\.rateLimiter: must be a rate limiter/,
    ],
    [
      'an environment that was written',
      { environment: { name: 'development' } },
      /^protect\.environment: must be what detectEnvironment/,
    ],
    ['too small a body', { maximumBodyBytes: 0 }, /^protect\.maximumBodyBytes: /],
    [
      'a session secret as text',
      { sessionSecret: 'a'.repeat(40) },
      /^protect\.sessionSecret: must be a Secret/,
    ],
    [
      'too many proxies',
      { trustedProxyHops: 51 },
      /^protect\.trustedProxyHops: must be a whole number/,
    ],
    ['a setting of another host', { clientAddress: () => 'a' }, /unknown option clientAddress/],
  ];

  it.each(rows)('%s', async (_name, change, message) => {
    const settings = { ...settingsFor(issuer), ...change } as never;

    const error: unknown = await protect(settings, reached).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(message);
  });

  it.each([undefined, null, 'text', [], () => {}])('settings that are %s', async (settings) => {
    await expect(composeGate(settings as never)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  it('an audience beside a provider, which has its own', async () => {
    const auth0 = providers.auth0({ domain: 'acme.auth0.com', audience: resource, environment });
    const settings: ProtectSettings = { ...settingsFor(issuer), issuer: auth0, audience: 'a' };

    await expect(composeGate(settings)).rejects.toThrow(/^protect\.audience: is for issuers/);
  });
});
