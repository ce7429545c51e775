/** Options, metadata, hosts, and what each kind of provider is asked. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { ConfigError, Secret } from '@sallyport/core';
import type { ProtectSettings } from '@sallyport/protect';
import { composeGate } from '@sallyport/protect';
import { protect as protectExpress } from '@sallyport/protect/express';
import { protect as protectFastify } from '@sallyport/protect/fastify';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectHono } from '@sallyport/protect/hono';
import { protect as protectNode } from '@sallyport/protect/node';
import {
  clientSecretBasic,
  cognito,
  entra,
  general,
  okta,
  type SignIn,
} from '@sallyport/registration';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, production, settingsWith, signInWith, startRecorder } from './in-process.ts';
import { sealingKey } from './served.ts';

const clientId = 'the-mcp-server';
const common = { clientId, sealingKey };
const endpoints = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
};
const good = general({ ...common, ...endpoints });
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;

describe('REG-24: metadata', () => {
  it.each(['https://mcp.example.com/mcp', 'https://mcp.example.com', 'https://example.com/a/mcp'])(
    'of %s has as issuer what the resource names, byte for byte',
    async (resource) => {
      const { gated, issuer } = await signInWith(good, production, { resource });
      onTestFinished(gated.close);
      const { origin, pathname } = new URL(issuer);
      const read = async (url: string) =>
        (await (await gated(new Request(url))).json()) as Record<string, unknown>;
      const { authorization_servers: servers } = await read(origin + gated.metadataPath);
      const metadata = await read(`${origin}/.well-known/oauth-authorization-server${pathname}`);

      expect(servers).toEqual([issuer]);
      expect(metadata).toEqual({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        registration_endpoint: `${issuer}/register`,
        scopes_supported: ['notes:read', 'notes:write', 'offline_access'],
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
      });
      expect(await read(`${origin}/.well-known/oauth-authorization-server`)).toEqual(metadata);
    },
  );

  it('lets pages of other origins register and get tokens, and no other page', async () => {
    const { gated, ask } = await signInWith(good, production);
    onTestFinished(gated.close);
    const preflight = (path: string) =>
      ask(path, { method: 'OPTIONS', headers: { Origin: 'https://a.example' } });

    for (const path of ['/register', '/token']) {
      const response = await preflight(path);
      expect(response.status).toBe(204);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    }
    for (const path of ['/authorize', '/consent', '/callback']) {
      expect((await preflight(path)).headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
    for (const [path, method] of [
      ['/token', 'GET'],
      ['/authorize', 'POST'],
      ['/consent', 'GET'],
    ] as const) {
      expect((await ask(path, { method })).status).toBe(405);
    }
    // The rest is for the gate.
    expect((await ask('')).status).toBe(401);
    expect((await ask('/other')).status).toBe(401);
  });
});

describe('REG-25: what each kind of provider is asked', () => {
  const scope = 'notes:read notes:write';
  const asked = (more: object) => ({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: 'https://mcp.example.com/mcp/sign-in/callback',
    code_challenge: expect.any(String),
    code_challenge_method: 'S256',
    state: expect.any(String),
    ...more,
  });
  const resource = 'https://mcp.example.com/mcp';
  const secret = clientSecretBasic({ clientId, secret: new Secret('a secret of the client') });

  const kinds: readonly (readonly [
    name: string,
    signIn: (origin: string) => SignIn,
    expected: { paths: readonly string[]; authorize: object; code: object; refresh: object },
  ])[] = [
    [
      'Entra: full names of scopes, no resource, no prompt, no secret for a desktop client',
      (authority) => entra({ ...common, tenant, applicationIdUri, authority }),
      {
        paths: [`/${tenant}/oauth2/v2.0/authorize`, `/${tenant}/oauth2/v2.0/token`],
        authorize: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
        code: { client_id: clientId },
        refresh: {
          client_id: clientId,
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
      },
    ],
    [
      'Entra: a secret for a client of the platform Web',
      (authority) =>
        entra({ ...common, tenant, applicationIdUri, authority, clientAuthentication: secret }),
      {
        paths: [`/${tenant}/oauth2/v2.0/authorize`, `/${tenant}/oauth2/v2.0/token`],
        authorize: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
        code: {},
        refresh: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
      },
    ],
    [
      'Cognito: the resource, and no offline_access',
      (domain) => cognito({ ...common, userPoolId: 'eu-central-1_AbCdEfGhI', domain }),
      {
        paths: ['/oauth2/authorize', '/oauth2/token'],
        authorize: { scope, resource },
        code: { resource, client_id: clientId },
        refresh: { resource, client_id: clientId },
      },
    ],
    [
      'Okta: the audience in place of the resource',
      (origin) =>
        okta({ ...common, issuer: `${origin}/oauth2/default`, audience: 'api://default' }),
      {
        paths: ['/oauth2/default/v1/authorize', '/oauth2/default/v1/token'],
        authorize: { scope: `${scope} offline_access`, audience: 'api://default' },
        code: { client_id: clientId },
        refresh: { client_id: clientId },
      },
    ],
    [
      'general: the resource',
      (origin) =>
        general({
          ...common,
          issuer: origin,
          authorizationEndpoint: `${origin}/authorize`,
          tokenEndpoint: `${origin}/token`,
        }),
      {
        paths: ['/authorize', '/token'],
        authorize: { scope: `${scope} offline_access`, resource },
        code: { resource, client_id: clientId },
        refresh: { resource, client_id: clientId },
      },
    ],
    [
      'general, without resource and offline_access',
      (origin) =>
        general({
          ...common,
          issuer: origin,
          authorizationEndpoint: `${origin}/authorize?tenant=1`,
          tokenEndpoint: `${origin}/token`,
          sendsResource: false,
          sendsOfflineAccess: false,
        }),
      {
        paths: ['/authorize', '/token'],
        authorize: { scope, tenant: '1' },
        code: { client_id: clientId },
        refresh: { client_id: clientId },
      },
    ],
  ];

  it.each(kinds)('%s', async (_name, create, { paths, authorize, code, refresh }) => {
    const recorder = await startRecorder();
    onTestFinished(recorder.stop);
    const { gated, run } = await signInWith(create(recorder.origin), development);
    onTestFinished(gated.close);
    const location = await run(scope);

    expect(location.origin).toBe(recorder.origin);
    expect([location.pathname, ...new Set(recorder.requests.map(({ path }) => path))]).toEqual(
      paths,
    );
    expect(Object.fromEntries(location.searchParams)).toEqual(asked(authorize));
    expect(recorder.requests.map(({ form }) => form)).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'c',
        redirect_uri: 'https://mcp.example.com/mcp/sign-in/callback',
        code_verifier: 'a'.repeat(43),
        ...code,
      },
      { grant_type: 'refresh_token', refresh_token: 'r', ...refresh },
    ]);
  });

  it('Entra: takes the full names of a challenge, and asks for the default without scopes', async () => {
    const signIn = entra({ ...common, tenant, applicationIdUri });
    const { gated, register, allow } = await signInWith(signIn, production);
    onTestFinished(gated.close);
    const client = await register();
    const scopesFor = async (asked: string) =>
      new URL((await allow(client, asked)).headers.get('Location') ?? '').searchParams.get('scope');

    expect(await scopesFor(`${applicationIdUri}/notes:read offline_access`)).toBe(
      `${applicationIdUri}/notes:read offline_access`,
    );
    expect(await scopesFor('')).toBe(`${applicationIdUri}/.default offline_access`);
  });
});

describe('REG-26: options', () => {
  const wrong: readonly (readonly [string, RegExp, () => unknown])[] = [
    [
      'an unknown option',
      /unknown option sealKey/,
      () => general({ ...common, ...endpoints, sealKey: 1 } as never),
    ],
    ['no client id', /signIn\.clientId/, () => general({ ...endpoints } as never)],
    [
      'an empty client id',
      /signIn\.clientId: must not be empty/,
      () => general({ ...common, ...endpoints, clientId: '' }),
    ],
    [
      'a key as text',
      /signIn\.sealingKey/,
      () => general({ ...common, ...endpoints, sealingKey: 'a'.repeat(40) } as never),
    ],
    [
      'a preset that is none',
      /use one of claude, vscode, cursor, loopback/,
      () => general({ ...common, ...endpoints, allowedClients: ['chatgpt'] }),
    ],
    [
      'no client',
      /at least one client/,
      () => general({ ...common, ...endpoints, allowedClients: [] }),
    ],
    [
      'an address with a fragment',
      /must not have a fragment/,
      () => general({ ...common, ...endpoints, allowedClients: ['https://a.example/b#c'] }),
    ],
    [
      'an address with http',
      /https, or http on this computer/,
      () => general({ ...common, ...endpoints, allowedClients: ['http://a.example/b'] }),
    ],
    [
      'an origin with a path',
      /must be an origin/,
      () => general({ ...common, ...endpoints, signInOrigins: ['https://a.example/'] }),
    ],
    [
      'an endpoint with http',
      /signIn\.tokenEndpoint: must be an https URL/,
      () => general({ ...common, ...endpoints, tokenEndpoint: 'http://a.example/token' }),
    ],
    [
      'an endpoint that no header field can hold',
      /signIn\.authorizationEndpoint: must be ASCII/,
      () => general({ ...common, ...endpoints, authorizationEndpoint: 'https://müller.example/a' }),
    ],
    [
      'an endpoint with a password and no name',
      /without credentials/,
      () => general({ ...common, ...endpoints, tokenEndpoint: 'https://:a@a.example/token' }),
    ],
    [
      'a tenant by its domain',
      /GUID of the tenant/,
      () => entra({ ...common, tenant: 'contoso.onmicrosoft.com', applicationIdUri }),
    ],
    [
      'the tenant common',
      /GUID of the tenant/,
      () => entra({ ...common, tenant: 'common', applicationIdUri }),
    ],
    [
      'an Application ID URI with a slash',
      /without a slash/,
      () => entra({ ...common, tenant, applicationIdUri: `${applicationIdUri}/` }),
    ],
    [
      'the org server of Okta',
      /custom authorization server/,
      () => okta({ ...common, issuer: 'https://acme.okta.com', audience: 'a' }),
    ],
    [
      'a region as a pool',
      /id of the user pool/,
      () => cognito({ ...common, userPoolId: 'eu-central-1', domain: 'https://a.example' }),
    ],
    [
      'a domain with a slash',
      /must not end with a slash/,
      () => cognito({ ...common, userPoolId: 'eu-central-1_A', domain: 'https://a.example/' }),
    ],
  ];

  it.each(wrong)('refuse %s at the start', (_name, message, create) => {
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
  });

  const misfits: readonly (readonly [string, RegExp, object])[] = [
    [
      'no key in production',
      /signIn\.sealingKey: is missing/,
      { signIn: general({ clientId, ...endpoints }) },
    ],
    [
      'a short key',
      /at least 32 bytes/,
      { signIn: general({ ...common, ...endpoints, sealingKey: new Secret('short') }) },
    ],
    [
      'a short previous key',
      /at least 32 bytes/,
      {
        signIn: general({ ...common, ...endpoints, sealingKey: [sealingKey, new Secret('short')] }),
      },
    ],
    [
      'an empty list of keys',
      /signIn\.sealingKey: must have a secret/,
      { signIn: general({ ...common, ...endpoints, sealingKey: [] as never }) },
    ],
    [
      'authorization servers beside it',
      /cannot stand beside signIn/,
      { authorizationServers: ['https://auth.example.com'] },
    ],
    [
      'development tokens beside it',
      /cannot stand beside signIn/,
      { verifier: undefined, developmentTokens: {} },
    ],
    [
      'no authentication beside it',
      /cannot stand beside signIn/,
      { verifier: undefined, dangerouslyOmitAuthentication: true, environment: development },
    ],
    [
      'a provider on this computer in production',
      /signIn\.tokenEndpoint/,
      { signIn: general({ ...common, ...endpoints, tokenEndpoint: 'http://127.0.0.1:1/token' }) },
    ],
  ];

  it.each(misfits)('refuse %s when protect is called', async (_name, message, changes) => {
    const settings = settingsWith(good, changes);

    await expect(composeGate(settings)).rejects.toThrow(ConfigError);
    await expect(composeGate(settings)).rejects.toThrow(message);
  });

  it('report once that there is no key in development', async () => {
    const events: { type: string }[] = [];
    const { close } = await composeGate(
      settingsWith(general({ clientId, ...endpoints }), {
        environment: development,
        onEvent: (event: { type: string }) => events.push(event),
      }),
    );
    await close();

    expect(events.map(({ type }) => type)).toEqual(['sealing_key_random']);
  });

  it('of allowed clients: an exact address and no preset', async () => {
    const chatgpt = 'https://chatgpt.com/connector/oauth/abc';
    const { gated, ask } = await signInWith(
      general({ ...common, ...endpoints, allowedClients: [chatgpt, 'vscode'] }),
      production,
    );
    onTestFinished(gated.close);
    const statusOf = async (...redirect_uris: readonly string[]) => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ redirect_uris });
      return (await ask('/register', { method: 'POST', headers, body })).status;
    };

    expect(await statusOf(chatgpt)).toBe(201);
    // As Visual Studio Code registers.
    expect(
      await statusOf(
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ),
    ).toBe(201);
    expect(await statusOf('http://localhost', 'http://127.0.0.1')).toBe(201);
    expect(await statusOf('https://chatgpt.com/connector/oauth/other')).toBe(400);
    expect(await statusOf('https://claude.ai/api/mcp/auth_callback')).toBe(400);
    expect(await statusOf('http://127.0.0.1:33418/callback')).toBe(400);
  });

  it('let Cursor register its three addresses at once', async () => {
    const { gated, ask } = await signInWith(
      general({ ...common, ...endpoints, allowedClients: ['cursor'] }),
      production,
    );
    onTestFinished(gated.close);
    const response = await ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [
          'cursor://anysphere.cursor-mcp/oauth/callback',
          'https://www.cursor.com/agents/mcp/oauth/callback',
          'http://localhost:8787/callback',
        ],
        token_endpoint_auth_method: 'client_secret_post',
      }),
    });

    expect(await response.json()).toMatchObject({ token_endpoint_auth_method: 'none' });
  });
});

describe('REG-27: hosts', () => {
  type Close = () => Promise<void>;
  const listen = async (server: Server): Promise<string> => {
    if (!server.listening) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    onTestFinished(() => {
      server.closeAllConnections?.();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const behind = 'behind the gate';
  const closed = (close: Close) => onTestFinished(close);

  const hosts: Readonly<Record<string, (settings: ProtectSettings) => Promise<string>>> = {
    async node(settings) {
      const gated = await protectNode(settings, (_request, response) => void response.end(behind));
      closed(gated.close);
      return listen(createServer(gated));
    },
    async express(settings) {
      const gated = await protectExpress(settings);
      closed(gated.close);
      return listen(createServer(express().use(gated)));
    },
    async fastify(settings) {
      const app = fastify();
      const gated = await protectFastify(settings);
      closed(gated.close);
      await app.register(gated as never);
      app.all('/mcp', async () => behind);
      await app.ready();
      return listen(app.server);
    },
    async hono(settings) {
      const gated = await protectHono(settings);
      closed(gated.close);
      const app = new Hono().use(gated as never);
      return listen(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
    },
    async fetch(settings) {
      const gated = await protectFetch(settings, () => new Response(behind));
      closed(gated.close);
      const fetch = (request: Request) => gated(request);
      return listen(serve({ fetch, port: 0, hostname: '127.0.0.1' }) as Server);
    },
  };

  it.each(Object.entries(hosts))('%s serves every endpoint', async (_name, start) => {
    const origin = await start(settingsWith(good));
    // Some proxies strip a prefix of the public path.
    for (const base of ['/mcp/sign-in', '/sign-in']) {
      const metadata = await fetch(`${origin}/.well-known/oauth-authorization-server${base}`);
      expect(metadata.status).toBe(200);
      const registered = await fetch(`${origin}${base}/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"redirect_uris":["http://localhost:1/callback"]}',
      });
      expect(registered.status).toBe(201);
      const token = await fetch(`${origin}${base}/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'a' }),
      });
      expect([token.status, await token.json()]).toMatchObject([401, { error: 'invalid_client' }]);
      expect((await fetch(`${origin}${base}/authorize`)).status).toBe(400);
      expect((await fetch(`${origin}${base}/callback`)).status).toBe(400);
      const large = await fetch(`${origin}${base}/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'a'.repeat(40_000) }),
      });
      expect(large.status).toBe(400);
    }
    expect((await fetch(`${origin}/mcp`, { method: 'POST' })).status).toBe(401);
  });

  it('a body parser in front of the gate is refused, and does not hang', async () => {
    const gated = await protectExpress(settingsWith(good));
    closed(gated.close);
    const app = express().use(express.urlencoded(), gated);
    const origin = await listen(createServer(app));
    const response = await fetch(`${origin}/mcp/sign-in/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
    });

    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});
