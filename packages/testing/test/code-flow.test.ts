import { authorizeHeadlessly, createCookieJar } from '@sallyport/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  authorize,
  buildRequest,
  introspect,
  notes,
  post,
  register,
  registration,
  start,
  vault,
} from './client.ts';

async function verify(issuer: string, token: unknown, audience: string = notes.resource) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return jwtVerify(String(token), keys, { issuer, audience, typ: 'at+jwt' });
}

describe.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('with %s', (algorithm) => {
  it('gives a registered client a JWT for the resource it asked for', async () => {
    const server = await start({ algorithm });
    const clientId = await register(server);

    const { answer, status, json } = await authorize(server, {
      clientId,
      scope: 'notes:read',
      resource: notes.resource,
    });

    expect(status).toBe(200);
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      state: 'state-1',
      iss: server.issuer,
    });
    expect(json).toMatchObject({ token_type: 'Bearer', scope: 'notes:read', expires_in: 3_600 });
    const { payload, protectedHeader } = await verify(server.issuer, json['access_token']);
    expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'at+jwt' });
    expect(payload).toMatchObject({
      iss: server.issuer,
      aud: notes.resource,
      sub: 'developer',
      client_id: clientId,
      scope: 'notes:read',
      jti: expect.any(String),
    });
  });
});

it('refreshes, and takes a refresh token only once', async () => {
  const server = await start();
  const clientId = await register(server);
  const { json } = await authorize(server, { clientId, scope: 'notes:read offline_access' });
  const refresh = () =>
    post(
      server.tokenUrl,
      new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: String(json['refresh_token']),
        client_id: clientId,
      }),
    );

  const { json: refreshed } = await refresh();

  const { payload } = await verify(server.issuer, refreshed['access_token']);
  expect(payload).toMatchObject({ aud: notes.resource, scope: 'notes:read' });
  expect((await refresh()).json).toMatchObject({ error: 'invalid_grant' });
});

it('issues no refresh token to a client that did not register for it', async () => {
  const server = await start();
  const clientId = await register(server, { grant_types: ['authorization_code'] });

  const { json } = await authorize(server, { clientId, scope: 'notes:read' });

  expect(json).not.toHaveProperty('refresh_token');
});

it('issues opaque tokens where the resource wants them', async () => {
  const server = await start();
  const clientId = await register(server);

  const { json } = await authorize(server, {
    clientId,
    scope: 'vault:open',
    resource: vault.resource,
  });

  expect(json).toMatchObject({ expires_in: 120, scope: 'vault:open' });
  expect(json['access_token']).not.toContain('.');
  expect(await introspect(server, json['access_token'])).toMatchObject({
    active: true,
    aud: vault.resource,
    client_id: clientId,
    iss: server.issuer,
    scope: 'vault:open',
    sub: 'developer',
    token_type: 'Bearer',
  });
});

it('grants a step-up to a client that registered for less', async () => {
  const server = await start();
  const clientId = await register(server, { scope: 'notes:read' });
  const cookies = createCookieJar();
  await authorize(server, { clientId, scope: 'notes:read', cookies });

  const { json } = await authorize(server, { clientId, scope: 'notes:read notes:write', cookies });

  expect(json).toMatchObject({ scope: 'notes:read notes:write' });
});

// Had it been asked the first time, the answer would have been no.
it('asks a web client for new scopes only', async () => {
  const server = await start();
  const clientId = await register(server, { application_type: 'web' });
  const cookies = createCookieJar();
  const flow = { clientId, scope: 'notes:read', cookies };
  await authorize(server, flow);

  const again = await authorize(server, { ...flow, deny: true });
  const more = await authorize(server, { ...flow, scope: 'notes:write', deny: true });

  expect(again.answer.searchParams.get('error')).toBeNull();
  expect(more.answer.searchParams.get('error')).toBe('access_denied');
});

it('tells the client that the person said no', async () => {
  const server = await start();
  const clientId = await register(server);

  const { answer } = await authorize(server, { clientId, scope: 'notes:read', deny: true });

  expect(Object.fromEntries(answer.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'state-1',
  });
});

it('lets another person sign in at the same browser', async () => {
  const server = await start();
  const [one, other] = [await register(server), await register(server)];
  const cookies = createCookieJar();
  const subjectOf = async (clientId: string, subject?: string) => {
    const { json } = await authorize(server, {
      clientId,
      scope: 'notes:read',
      cookies,
      ...(subject !== undefined && { subject }),
    });
    return (await verify(server.issuer, json['access_token'])).payload.sub;
  };

  expect(await subjectOf(one, 'ada')).toBe('ada');
  expect(await subjectOf(other)).toBe('ada');
  expect(await subjectOf(one, 'grace')).toBe('grace');
  expect(await subjectOf(other)).toBe('grace');
  // Where oidc-provider would go, through a page with a script.
  expect(server.hits('/session/end/confirm')).toBe(0);
});

it('leaves the tokens of the first person alone when another one signs in', async () => {
  const server = await start();
  const clientId = await register(server);
  const flow = { clientId, resource: vault.resource, cookies: createCookieJar() };
  const { json } = await authorize(server, { ...flow, subject: 'ada' });
  await authorize(server, { ...flow, subject: 'grace' });

  expect(await introspect(server, json['access_token'])).toMatchObject({
    active: true,
    sub: 'ada',
  });
});

it('grants two resources at once, and issues a token for each', async () => {
  const server = await start();
  const clientId = await register(server);
  const { url, verifier } = buildRequest(server, { clientId, scope: 'notes:read vault:open' });
  url.searchParams.append('resource', notes.resource);
  url.searchParams.append('resource', vault.resource);
  const code = (await authorizeHeadlessly(url)).searchParams.get('code') ?? '';
  const ask = async (parameters: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: clientId, ...parameters });
    return (await post(server.tokenUrl, body)).json;
  };

  const first = await ask({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: 'http://localhost:1234/callback',
    resource: notes.resource,
  });
  const second = await ask({
    grant_type: 'refresh_token',
    refresh_token: String(first['refresh_token']),
    resource: vault.resource,
  });

  expect(first['scope']).toBe('notes:read');
  expect(second['scope']).toBe('vault:open');
  expect(await introspect(server, second['access_token'])).toMatchObject({ aud: vault.resource });
});

it('takes two resources of which the scopes concern one', async () => {
  const server = await start();
  const clientId = await register(server);
  const { url } = buildRequest(server, { clientId, scope: 'notes:read' });
  url.searchParams.append('resource', notes.resource);
  url.searchParams.append('resource', vault.resource);

  expect((await authorizeHeadlessly(url)).searchParams.get('error')).toBeNull();
});

it('requires PKCE of confidential clients as well', async () => {
  const redirectUris = ['http://localhost:1234/callback'];
  const server = await start({
    clients: [{ clientId: 'web', clientSecret: 'secret', redirectUris }],
  });

  const { answer } = await authorize(server, {
    clientId: 'web',
    changes: { code_challenge: '', code_challenge_method: '' },
  });

  expect(answer.searchParams.get('error')).toBe('invalid_request');
});

it('keeps the sessions of two servers apart in one browser', async () => {
  const [one, other] = [await start(), await start()];
  const cookies = createCookieJar();
  const subjectOf = async (server: typeof one, subject?: string) => {
    const clientId = await register(server);
    const { json } = await authorize(server, { clientId, cookies, ...(subject && { subject }) });
    return (await verify(server.issuer, json['access_token'])).payload.sub;
  };

  expect(await subjectOf(one, 'ada')).toBe('ada');
  expect(await subjectOf(other, 'grace')).toBe('grace');
  expect(await subjectOf(one)).toBe('ada');
});

it('needs no page when consent is automatic', async () => {
  const server = await start({ consent: 'automatic', subject: 'robot' });
  const clientId = await register(server);

  const { json } = await authorize(server, { clientId, scope: 'notes:read', deny: true });

  expect((await verify(server.issuer, json['access_token'])).payload.sub).toBe('robot');
});

it('takes the first resource for granted, and every scope of it', async () => {
  const server = await start();
  const clientId = await register(server);

  const { json } = await authorize(server, { clientId });

  const { payload } = await verify(server.issuer, json['access_token']);
  expect(payload).toMatchObject({ aud: notes.resource, scope: 'notes:read notes:write' });
});

it('has tokens for a resource without scopes', async () => {
  const resource = 'https://plain.example/mcp';
  const server = await start({ resources: [{ resource, scopes: [] }] });
  const clientId = await register(server);

  const { json } = await authorize(server, { clientId });

  const { payload } = await verify(server.issuer, json['access_token'], resource);
  expect(payload).not.toHaveProperty('scope');
});

it('grants what it knows of a request, and refuses one of which it knows nothing', async () => {
  const server = await start();
  const clientId = await register(server);

  const some = await authorize(server, { clientId, scope: 'notes:read vault:open other' });
  const none = await authorize(server, { clientId, scope: 'vault:open' });

  expect(some.json).toMatchObject({ scope: 'notes:read' });
  expect(none.answer.searchParams.get('error')).toBe('invalid_scope');
});

it('writes the audience as it was configured, however the URL was spelled', async () => {
  const resource = 'http://127.0.0.1:8000';
  const server = await start({ resources: [{ ...notes, resource }] });
  const clientId = await register(server);

  const { json } = await authorize(
    server,
    { clientId, resource: `${resource}/` },
    { resource: `${resource}/` },
  );

  await expect(verify(server.issuer, json['access_token'], resource)).resolves.toBeDefined();
});

it.each([
  ['an unknown resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
  ['the resource with a path added', { resource: `${notes.resource}/` }, 'invalid_target'],
  ['a relative resource', { resource: '/mcp' }, 'invalid_target'],
  ['a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['no code challenge', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
])('refuses %s', async (_name, changes, error) => {
  const server = await start();
  const clientId = await register(server);

  const { answer } = await authorize(server, { clientId, scope: 'notes:read', changes });

  // The implicit flow is answered in the fragment.
  const parameters = answer.searchParams.size > 0 ? answer.searchParams : answer.hash.slice(1);
  expect(new URLSearchParams(parameters).get('error')).toBe(error);
});

it('refuses a resource at the token endpoint that was not authorized', async () => {
  const server = await start();
  const clientId = await register(server);

  const { status, json } = await authorize(server, { clientId }, { resource: vault.resource });

  expect({ status, error: json['error'] }).toEqual({ status: 400, error: 'invalid_target' });
});

it('refuses a wrong verifier', async () => {
  const server = await start();
  const clientId = await register(server);

  const { json } = await authorize(server, { clientId }, { code_verifier: 'x'.repeat(43) });

  expect(json['error']).toBe('invalid_grant');
});

it('shows an error page when it cannot trust the redirect URI', async () => {
  const server = await start();
  const clientId = await register(server);
  const changes = { redirect_uri: 'https://evil.example/callback' };

  await expect(authorize(server, { clientId, changes })).rejects.toThrow(/invalid_redirect_uri/);
  expect(buildRequest(server, { clientId, changes }).url.origin).toBe(server.issuer);
});

it('lets a loopback client listen on any port', async () => {
  const server = await start();
  const clientId = await register(server, { redirect_uris: ['http://127.0.0.1/callback'] });
  const redirectUri = { redirect_uri: 'http://127.0.0.1:49152/callback' };

  const { status } = await authorize(server, { clientId, changes: redirectUri }, redirectUri);

  expect(status).toBe(200);
});

describe('registration', () => {
  it.each([
    ['of a MCP client', {}],
    ['with scopes', { scope: 'notes:read offline_access' }],
    ['as a native application', { application_type: 'native' }],
    ['as a web application', { application_type: 'web' }],
    ['with an address of 127.0.0.1', { redirect_uris: ['http://127.0.0.1:1/callback'] }],
    ['with a scheme of its own', { redirect_uris: ['cursor://auth/callback'] }],
    [
      'with a loopback and a web address',
      { redirect_uris: ['http://127.0.0.1:33418', 'https://vscode.dev/redirect'] },
    ],
    ['of a website', { redirect_uris: ['https://app.example/callback'] }],
    ['with a secret', { token_endpoint_auth_method: 'client_secret_post' }],
  ])('succeeds %s', async (_name, changes) => {
    const server = await start();

    const { status, json } = await post(server.registrationUrl, { ...registration, ...changes });

    expect(status).toBe(201);
    expect(json).toMatchObject({ ...registration, ...changes, client_id: expect.any(String) });
    expect(JSON.stringify(json)).not.toContain('sallyport');
  });

  it.each([
    ['an unknown scope', { scope: 'notes:read other' }],
    ['no redirect URI', { redirect_uris: [] }],
    ['redirect URIs that are no list', { redirect_uris: 'http://localhost/' }],
    ['a script as redirect URI', { redirect_uris: ['javascript:alert(1)'] }],
    ['the implicit flow', { response_types: ['token'] }],
  ])('refuses %s', async (_name, changes) => {
    const server = await start();

    const { status, json } = await post(server.registrationUrl, { ...registration, ...changes });

    expect(status).toBe(400);
    expect(json['error']).toMatch(/^invalid_(?:client_metadata|redirect_uri)$/);
  });

  it('takes a client that registers for offline access to want refresh tokens', async () => {
    const server = await start();

    const { json } = await post(server.registrationUrl, {
      redirect_uris: registration.redirect_uris,
      scope: 'offline_access',
    });

    expect(json['grant_types']).toEqual(['authorization_code', 'refresh_token']);
  });

  it('is open to browsers', async () => {
    const server = await start();

    const preflight = await fetch(server.registrationUrl, { method: 'OPTIONS' });

    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });
});
