/** Servers of both SDK lines that keep sessions and events, behind the gate on every host. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  McpServer as McpServerOfV2,
  WebStandardStreamableHTTPServerTransport as TransportOfV2,
} from '@modelcontextprotocol/server';
import { AuthError, type Principal } from '@sallyport/core';
import express from 'express';
import fastify from 'fastify';
import { type Context, Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { type Admission, fetchGate } from '../../src/fetch.ts';
import { type HonoGateVariables, honoGate } from '../../src/hono.ts';
import type { AuthInfo, McpGate } from '../../src/index.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, createTestGuard, issuer, resource } from '../fixture.ts';
import { keepSessions, keepSessionsOfV2, memoryEvents } from './kept-sessions.ts';

type FetchSessions = (request: Request, admission: Admission) => Promise<Response>;

interface Line {
  readonly onNode: typeof keepSessions;
  readonly onFetch: () => FetchSessions;
}

/** As the SDK's example does it, with the Fetch API. */
function keepOnFetch(connect: (transport: never) => Promise<void>, isV2: boolean): FetchSessions {
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport | TransportOfV2>();
  const Transport = isV2 ? TransportOfV2 : WebStandardStreamableHTTPServerTransport;
  return async (request, { authInfo, parsedBody }) => {
    let transport = transports.get(String(request.headers.get('mcp-session-id')));
    if (transport === undefined) {
      const created = new Transport({
        sessionIdGenerator: randomUUID,
        eventStore: memoryEvents() as never,
        onsessioninitialized: (session) => void transports.set(session, created),
      });
      await connect(created as never);
      transport = created;
    }
    return transport.handleRequest(request, { authInfo: authInfo as AuthInfo, parsedBody });
  };
}

const lines: Readonly<Record<string, Line>> = {
  v1: {
    onNode: keepSessions,
    onFetch: () =>
      keepOnFetch(async (transport) => {
        const server = new McpServer({ name: 'test', version: '1.0.0' });
        server.registerTool('whoami', {}, ({ authInfo }) => ({
          content: [{ type: 'text', text: String(authInfo?.extra?.['subject']) }],
        }));
        await server.connect(transport);
      }, false),
  },
  v2: {
    onNode: keepSessionsOfV2,
    onFetch: () =>
      keepOnFetch(async (transport) => {
        const server = new McpServerOfV2({ name: 'test', version: '1.0.0' });
        server.registerTool('whoami', {}, ({ http }) => ({
          content: [{ type: 'text', text: String(http?.authInfo?.extra?.['subject']) }],
        }));
        await server.connect(transport);
      }, true),
  },
};

const listening = (server: Server) => server.listen(0, '127.0.0.1');
const hosts: Readonly<Record<string, (gate: McpGate, line: Line) => Server | Promise<Server>>> = {
  node: (gate, { onNode }) => listening(createServer(nodeGate(gate, onNode()))),
  express: (gate, { onNode }) => {
    const handler = onNode();
    const app = express();
    app.use(expressGate(gate));
    app.all('/mcp', (request, response) => handler(request as never, response, request.body));
    return app.listen(0, '127.0.0.1');
  },
  fastify: async (gate, { onNode }) => {
    const handler = onNode();
    const app = fastify();
    await app.register(fastifyGate(gate));
    app.all('/*', async (request, reply) => {
      reply.hijack();
      await handler(request.raw as never, reply.raw, request.body);
    });
    await app.ready();
    return listening(app.server);
  },
  hono: (gate, { onFetch }) => {
    const handler = onFetch();
    const app = new Hono<{ Variables: HonoGateVariables }>();
    app.use(honoGate(gate, (_context: Context) => '192.0.2.1'));
    app.all('/mcp', ({ req, var: { auth: authInfo, parsedBody } }) =>
      handler(req.raw, { authInfo, parsedBody }),
    );
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  },
  fetch: (gate, { onFetch }) => {
    const gated = fetchGate(gate, onFetch());
    const answer = (request: Request) => gated(request, '192.0.2.1');
    return serve({ fetch: answer, port: 0, hostname: '127.0.0.1' }) as Server;
  },
};

function principalOf(subject: string): Principal {
  const about = { issuer, clientId: 'client-1', audience: [resource], scopes: new Set<string>() };
  return { ...about, subject, expiresAt: 4_000_000_000, claims: {} };
}

async function startSite(host: string, line: string) {
  const guard = createTestGuard({
    verify: async (token) => {
      if (token !== 'alice' && token !== 'bob') throw new AuthError('token_inactive');
      return principalOf(token);
    },
  });
  const server = await hosts[host]?.(createTestGate({ guard }), lines[line] as Line);
  if (server === undefined) throw new Error('there is no such host');
  if (!server.listening) await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return (token: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(url, {
      ...init,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...init.headers,
      },
    });
}

const message = (method: string, params: unknown, id = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const initialize = message('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1.0.0' },
});
const whoami = message('tools/call', { name: 'whoami', arguments: {} }, 2);

describe.each(Object.keys(hosts))('%s', (host) => {
  it.each(Object.keys(lines))(
    'MCP-04: sessions and events of SDK %s belong to their owner',
    async (line) => {
      const send = await startSite(host, line);
      const open = async (token: string) => {
        const response = await send(token, { method: 'POST', body: initialize });
        await response.text();
        const id = response.headers.get('Mcp-Session-Id') ?? '';
        return { 'Mcp-Session-Id': id, 'Mcp-Protocol-Version': '2025-11-25' };
      };
      const alice = await open('alice');
      const bob = await open('bob');
      const answer = await send('alice', { method: 'POST', body: whoami, headers: alice });
      const text = await answer.text();
      const [firstEvent = ''] = [...text.matchAll(/^id: ?(.+)$/gm)].map(([, id]) => id);
      const resume = { 'Last-Event-ID': firstEvent, Accept: 'text/event-stream' };
      /** The first part of the answer, if one comes in time. */
      const read = async (token: string, session: Record<string, string>, waitMs = 20_000) => {
        const leaves = new AbortController();
        const headers = { ...session, ...resume };
        const response = await send(token, { headers, signal: leaves.signal });
        const reader = response.body?.getReader();
        const more = Promise.race([
          reader?.read().then(({ value }) => new TextDecoder().decode(value)),
          sleep(waitMs, 'nothing', { ref: false }),
        ]);
        const seen = `${response.status} ${await more}`;
        leaves.abort();
        return seen;
      };

      expect(alice['Mcp-Session-Id']).toMatch(/^[0-9a-f-]{36}\.s1\.[A-Za-z0-9_-]{22}$/);
      expect(text).toContain('alice');
      expect(firstEvent).not.toBe('');
      // His own session does not have her events, and hers is none of his.
      expect(await read('bob', bob, 200)).not.toContain('alice');
      expect(await read('bob', alice)).toMatch(/^404 .*Session not found/);
      expect(await read('bob', {}, 200)).not.toContain('alice');
      expect(await read('alice', alice)).toMatch(/^200 .*alice/s);
      const ends = { method: 'DELETE', headers: alice };
      expect((await send('bob', ends)).status).toBe(404);
      expect((await send('alice', ends)).status).toBe(200);
    },
  );
});
