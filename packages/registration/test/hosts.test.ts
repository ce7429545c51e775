/** The metadata, and every endpoint at every host. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { ProtectSettings } from '@sallyport/protect';
import { protect as protectExpress } from '@sallyport/protect/express';
import { protect as protectFastify } from '@sallyport/protect/fastify';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectHono } from '@sallyport/protect/hono';
import { protect as protectNode } from '@sallyport/protect/node';

import { general } from '@sallyport/registration';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpoints, production, settingsWith, signInWith } from './in-process.ts';
import { sealingKey } from './served.ts';

const clientId = 'the-mcp-server';
const common = { clientId, sealingKey };
const good = general({ ...common, ...endpoints });

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
