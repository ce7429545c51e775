/** Opaque tokens, by the variables of a deployment, against a real authorization server. */
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, type StartedReference, startReference } from './reference-server.ts';

const P = 'FASTMCP_SERVER_AUTH_';
const audience = 'https://notes.example.com/mcp';
const client = { clientId: 'notes server', clientSecret: 'a:secret/of+many %signs' };

let authorizationServer: AuthorizationServer;
let reference: StartedReference;
beforeAll(async () => {
  authorizationServer = await startAuthorizationServer({
    resources: [
      { resource: audience, scopes: ['read:data', 'write:data'], accessTokenFormat: 'opaque' },
    ],
    clients: [client],
  });
  reference = await startReference(variables());
});
afterAll(async () => {
  await reference.server.stop();
  await authorizationServer.stop();
});

const variables = () => ({
  [`${P}TYPE`]: 'introspection',
  ENVIRONMENT: 'development',
  [`${P}INTROSPECTION_AUDIENCE`]: audience,
  [`${P}AUTHORIZATION_SERVERS`]: authorizationServer.issuer,
  [`${P}INTROSPECTION_URL`]: authorizationServer.introspectionUrl,
  [`${P}INTROSPECTION_CLIENT_ID`]: client.clientId,
  [`${P}INTROSPECTION_CLIENT_SECRET`]: client.clientSecret,
});

const call = (token: string, tool = 'hello') =>
  callTool(reference.server, token, tool, { name: 'World', title: 't', text: 'x' });

describe('with FASTMCP_SERVER_AUTH_TYPE=introspection', () => {
  it('lets a real opaque token in, and refuses it once it is revoked', async () => {
    const token = await authorizationServer.issueToken({
      scopes: ['read:data'],
      clientId: client.clientId,
      grantType: 'client_credentials',
    });
    expect((await call(token)).status).toBe(200);
    expect((await call(token, 'write_note')).status).toBe(403);
    const name = encodeURIComponent(client.clientId);
    const secret = encodeURIComponent(client.clientSecret);
    await fetch(authorizationServer.revocationUrl, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ token }),
    });

    expect((await call(token)).status).toBe(401);
  });

  it('answers 503 while the authorization server is away, and blames no token', async () => {
    const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
    await authorizationServer.pause();
    const response = await call(token);
    await authorizationServer.resume();

    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('invalid_token');
    expect((await call(token)).status).toBe(200);
  });

  it('logs neither a token nor the secret (OPS-05)', async () => {
    const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
    await call(token);
    await call(`${token}x`);
    const log = reference.log.join('');

    expect(log).toContain('authenticated');
    expect(log).not.toContain(token.slice(0, 12));
    expect(log).not.toContain(client.clientSecret.slice(0, 8));
  });
});
