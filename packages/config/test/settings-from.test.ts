/** Variables become the settings of `protect`: there is one composition, on every host. */

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditEvent,
  AuthError,
  type RateLimiter,
  Secret,
  type SecretChange,
  type TokenVerifier,
} from '@sallyport/core';
import { protect } from '@sallyport/protect/node';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Config, createGateFromConfig, loadConfig, settingsFrom } from '../src/index.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';
const resource = 'http://localhost:8000/mcp';
const tools = { read_note: ['notes:read'], write_note: ['notes:write'] };
const audit = { emit: () => {} };

let issuer: AuthorizationServer;
beforeAll(async () => {
  issuer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['notes:read', 'notes:write'] }],
  });
});
afterAll(() => issuer.stop());

function load(changes: Readonly<Record<string, string>> = {}, options = {}): Promise<Config> {
  const variables = {
    ENVIRONMENT: 'development',
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}JWT_ISSUER`]: issuer.issuer,
    [`${prefix}JWT_AUDIENCE`]: resource,
    [`${prefix}JWT_JWKS_URI`]: issuer.jwksUri,
    [`${prefix}RESOURCE_URL`]: resource,
    ...changes,
  };
  return loadConfig(variables, { nodeArguments: [], ...options });
}

type Settings = Parameters<typeof protect>[0];

async function serve(settings: Settings) {
  const gated = await protect(settings, (_request, response) => void response.end('reached'));
  const server = createServer(gated).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await gated.close();
  });
  return async (name: string, token?: string) =>
    fetch(url, {
      method: 'POST',
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } }),
    });
}

const tokenFor = (scope: string) => issuer.issueToken({ resource, scopes: [scope] });

it('protects a server with what the variables say', async () => {
  const call = await serve(settingsFrom(await load(), { tools, audit, onEvent: () => {} }));

  expect((await call('write_note')).status).toBe(401);
  expect((await call('write_note', await tokenFor('notes:write'))).status).toBe(200);
  expect((await call('write_note', await tokenFor('notes:read'))).status).toBe(403);
});

it('takes the tools from the variable, and says so where neither names any', async () => {
  const named = await load({ [`${prefix}TOOL_SCOPES`]: JSON.stringify(tools) });
  const call = await serve(settingsFrom(named, { audit, onEvent: () => {} }));

  expect((await call('write_note', await tokenFor('notes:read'))).status).toBe(403);
  await expect(settingsFrom(await load())).rejects.toThrow(
    /^FASTMCP_SERVER_AUTH_TOOL_SCOPES: is missing: the server declares no tools/,
  );
});

it('hands the number of proxies to the host', async () => {
  const config = await load({ [`${prefix}TRUSTED_PROXY_HOPS`]: '2' });

  expect(await settingsFrom(config, { tools })).toMatchObject({ trustedProxyHops: 2 });
});

const mine: TokenVerifier = {
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

it('takes a verifier and a limiter of your own, and keeps the configured issuer for clients', async () => {
  const counted: string[] = [];
  const within = { allowed: true, retryAfterSeconds: 0 };
  const rateLimiter: RateLimiter = {
    peek: async () => within,
    countFailure: async (key) => {
      counted.push(key);
      return within;
    },
  };
  const own = { tools, audit, verifier: mine, rateLimiter, onEvent: () => {} };
  const { gate, readings, close } = await createGateFromConfig(await load(), own);
  onTestFinished(close);
  const call = await serve(settingsFrom(await load(), own));
  const failing = { ...mine, verify: () => Promise.reject(new Error('broken')) };
  const refusing = await serve(settingsFrom(await load(), { ...own, verifier: failing }));

  expect((await call('write_note', 'opaque')).status).toBe(200);
  expect((await refusing('write_note', 'opaque')).status).toBe(503);
  expect(readings.cacheHitRatio()).toBeUndefined();
  expect(gate.metadataPath).toBe('/.well-known/oauth-protected-resource/mcp');
  expect(await settingsFrom(await load(), own)).toMatchObject({
    authorizationServers: [issuer.issuer],
    verifier: { name: 'mine' },
  });
});

it('refuses a verifier beside no authentication', async () => {
  const config = await load({ [`${prefix}TYPE`]: 'none', DANGEROUSLY_OMIT_AUTH: 'true' });
  const given = { tools, audit, verifier: mine };

  await expect(createGateFromConfig(config, given)).rejects.toThrow(
    /^gate\.verifier: has no token/,
  );
});

it.each(['denial', 'policy', 'quota'])('refuses a %s beside no authentication', async (name) => {
  const config = await load({ [`${prefix}TYPE`]: 'none', DANGEROUSLY_OMIT_AUTH: 'true' });
  const given = { tools, audit, [name]: { name, check: () => undefined } };

  await expect(createGateFromConfig(config, given)).rejects.toThrow(
    new RegExp(`^gate\\.${name}: has no effect`),
  );
});

it('names an option of the server as it was written', async () => {
  const config = await load();
  const create = (changes: object) =>
    createGateFromConfig(config, { tools, audit, ...changes } as never);

  await expect(create({ maximumBodyBytes: 0 })).rejects.toThrow(/^gate\.maximumBodyBytes: /);
  await expect(create({ otherOperations: { prompts: { a: ['"'] } } })).rejects.toThrow(
    /^gate\.otherOperations\.prompts\.a: /,
  );
  await expect(create({ tools: { a: ['"'] } })).rejects.toThrow(
    /^FASTMCP_SERVER_AUTH_TOOL_SCOPES: /,
  );
});

it('follows the secret backend, and releases it once with the protection', async () => {
  const secret = new Secret('Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M');
  let change: ((change: SecretChange) => unknown) | undefined;
  let closed = 0;
  const secrets = {
    name: 'mine',
    get: async (name: string) =>
      name === 'session-secret' ? { found: true, secret, version: '1' } : { found: false },
    watch: (name: string, listener: typeof change) => {
      if (name === 'session-secret') change = listener;
      return () => {
        change = undefined;
      };
    },
    close: async () => {
      closed += 1;
    },
  };
  const events: string[] = [];
  const config = await load({ [`${prefix}SECRET_BACKEND`]: 'env' }, { secrets });
  const onEvent = ({ type }: { type: string }) => void events.push(type);
  const gated = await protect(settingsFrom(config, { tools, audit, onEvent }), () => {});
  change?.({
    name: 'session-secret',
    secret: new Secret('Zx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M'),
    version: '2',
    previousVersion: '1',
  });
  await gated.close();

  expect(events).toContain('secret_changed');
  expect(change).toBeUndefined();
  expect(closed).toBe(1);
});

it('DEN-01: a denial list that a variable names refuses a caller, and its policy comes after it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'denied-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'denied.json');
  const entry = { issuer: issuer.issuer, client: 'bot', reason: 'stolen laptop' };
  await writeFile(path, JSON.stringify({ version: 1, denied: [entry] }));
  const refusals: unknown[] = [];
  const noted = { emit: ({ code, detail }: AuditEvent) => void (code && refusals.push(detail)) };
  const policy = { name: 'own', check: () => new AuthError('policy_denied', { detail: 'closed' }) };
  const config = await load({ [`${prefix}DENIAL_LIST`]: path });
  const call = await serve(await settingsFrom(config, { tools, audit: noted, policy }));
  const token = (client: string) =>
    issuer.mintToken({ aud: resource, sub: 'u', client_id: client, scope: 'notes:read' });

  expect(config.denialList).toEqual({ path });
  expect((await call('read_note', await token('bot'))).status).toBe(403);
  expect((await call('read_note', await token('web'))).status).toBe(403);
  expect(refusals).toEqual(['denied: stolen laptop', 'closed']);
  expect((await load()).denialList).toBeUndefined();
});
