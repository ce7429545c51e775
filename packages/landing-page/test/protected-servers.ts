/** The five hosts, each with a page in front of a real gate. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { detectEnvironment } from '@sallyport/core';
import type { McpGate } from '@sallyport/mcp-adapter';
import type { ProtectSettings } from '@sallyport/protect';
import { protect as protectExpress } from '@sallyport/protect/express';
import { protect as protectFastify } from '@sallyport/protect/fastify';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectHono } from '@sallyport/protect/hono';
import { protect as protectNode } from '@sallyport/protect/node';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

export const resource = 'https://notes.example.com/mcp';
export const issuer = 'https://auth.example.com/';

/** A server that listens. */
export interface ProtectedServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** What differs from a protected notes server. */
export type Changes = Partial<ProtectSettings> & {
  readonly landingPage?: (gate: McpGate) => McpGate;
};

/** Settings of a server whose keys are never fetched: no test here sends a token that is verified. */
export function settingsFor(changes: Changes = {}): ProtectSettings {
  return {
    resource,
    developmentTokens: {
      'token-of-the-page-tests': {
        issuer,
        subject: 'ada',
        clientId: 'tests',
        scopes: ['notes:read', 'notes:write'],
      },
    },
    authorizationServers: [issuer],
    tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    audit: { emit: () => {} },
    onEvent: () => {},
    ...changes,
  } as ProtectSettings;
}

export const goodToken = 'token-of-the-page-tests';

export async function listening(
  server: Server,
  close?: () => Promise<void>,
): Promise<ProtectedServer> {
  if (!server.listening) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await close?.();
      server.closeAllConnections?.();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Start = (settings: ProtectSettings) => Promise<ProtectedServer>;

/** Starts each host. The application answers every request that passes with `behind the gate`. */
export const hosts: Readonly<Record<string, Start>> = {
  async node(settings) {
    const gated = await protectNode(settings, (_request, response) => {
      response.end('behind the gate');
    });
    return listening(createServer(gated), gated.close);
  },

  async express(settings) {
    const app = express();
    const gated = await protectExpress(settings);
    app.use(gated).use((_request, response) => void response.end('behind the gate'));
    return listening(createServer(app), gated.close);
  },

  async fastify(settings) {
    const app = fastify();
    const gated = await protectFastify(settings);
    await app.register(gated as never);
    app.all('/mcp', async () => 'behind the gate');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return listening(app.server, gated.close);
  },

  async hono(settings) {
    const app = new Hono();
    const gated = await protectHono(settings);
    app.use(gated as never).all('*', (context) => context.text('behind the gate'));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    if (!server.listening) await once(server, 'listening');
    return listening(server, gated.close);
  },

  async fetch(settings) {
    const gated = await protectFetch(settings, () => new Response('behind the gate'));
    const server = serve({
      fetch: (request) => gated(request),
      port: 0,
      hostname: '127.0.0.1',
    }) as Server;
    if (!server.listening) await once(server, 'listening');
    return listening(server, gated.close);
  },

  async 'node with HTTP/2'(settings) {
    const gated = await protectNode(settings, (_request, response) => {
      response.end('behind the gate');
    });
    const server = createHttp2Server((request, response) =>
      gated(request as never, response as never),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async close() {
        await gated.close();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      },
    };
  },
};

/** Starts one of {@link hosts}. */
export async function start(host: string, settings: ProtectSettings): Promise<ProtectedServer> {
  const open = hosts[host];
  if (open === undefined) throw new TypeError(`there is no host ${host}`);
  return open(settings);
}
