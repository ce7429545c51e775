/** Servers of both SDK lines that keep sessions, behind the gate, with unmodified clients in front. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { AuthError, type Principal, Secret } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import type { McpGateOptions } from '../../src/gate/mcp-gate.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, createTestGuard, issuer, resource } from '../fixture.ts';
import { keepSessions, keepSessionsOfV2 } from './kept-sessions.ts';

async function startServer(handler = keepSessions(), options: Partial<McpGateOptions> = {}) {
  const principals = new Map<string, Principal>();
  const allow = (token: string, subject: string, expiresAt = 4_000_000_000) =>
    principals.set(token, {
      issuer,
      subject,
      clientId: 'client-1',
      audience: [resource],
      scopes: new Set(),
      expiresAt,
      claims: {},
    });
  const guard = createTestGuard({
    verify: async (token) => {
      const principal = principals.get(token);
      if (principal === undefined) throw new AuthError('token_inactive');
      if (principal.expiresAt * 1_000 <= Date.now()) throw new AuthError('token_expired');
      return principal;
    },
  });
  const gate = createTestGate({ guard, streamCheckSeconds: 1, ...options });
  const http = createServer(nodeGate(gate, handler)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { allow, url: new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`) };
}

/** A client whose token can be replaced, as after a refresh. */
async function connect(url: URL, token: () => string, sessionId?: string) {
  const transport = new StreamableHTTPClientTransport(url, {
    ...(sessionId !== undefined && { sessionId }),
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token()}`);
      return fetch(input, { ...init, headers });
    },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return { client, transport };
}

it('serves a session to its owner, through a refresh, and to nobody else (MCP-04)', async () => {
  const { url, allow } = await startServer();
  allow('alice-1', 'alice');
  allow('alice-2', 'alice');
  allow('bob-1', 'bob');
  let token = 'alice-1';
  const { client, transport } = await connect(url, () => token);
  const call = async () => JSON.stringify(await client.callTool({ name: 'whoami' }));

  expect(transport.sessionId).toMatch(/^[0-9a-f-]{36}\.s1\.[A-Za-z0-9_-]{22}$/);
  expect(await call()).toContain('alice');
  token = 'alice-2';
  expect(await call()).toContain('alice');

  const bob = await connect(url, () => 'bob-1', transport.sessionId);
  await expect(bob.client.callTool({ name: 'whoami' })).rejects.toThrow(/Session not found|404/);
  await expect(bob.transport.terminateSession()).rejects.toThrow(/404|terminate/);
  expect(await call()).toContain('alice');
});

it('ends the stream of a client whose token expires, and opens it again with a new one (MCP-06)', async () => {
  const { url, allow } = await startServer();
  // A busy machine connects a while later.
  allow('short', 'alice', Math.ceil(Date.now() / 1_000) + 4);
  allow('long', 'alice');
  let token = 'short';
  const opened: number[] = [];
  const transport = new StreamableHTTPClientTransport(url, {
    reconnectionOptions: {
      initialReconnectionDelay: 100,
      maxReconnectionDelay: 100,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 50,
    },
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      const response = await fetch(input, { ...init, headers });
      if (init?.method === 'GET') opened.push(response.status);
      return response;
    },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  await expect.poll(() => opened).toEqual([200]);
  token = 'long';

  await expect.poll(() => opened).toEqual([200, 200]);
  expect(JSON.stringify(await client.callTool({ name: 'whoami' }))).toContain('alice');
});

it.each([
  ['v1', keepSessions],
  ['v2', keepSessionsOfV2],
])('MCP-16: a session of SDK %s belongs to its owner on every instance', async (_line, keep) => {
  const sessionSecret = new Secret('one-2Kd8sQz5vR0wYx7Lm3Tf9Hb6Nc1Jg4P');
  // The sessions are shared, the gates are not.
  const handler = keep();
  const first = await startServer(handler, { sessionSecret });
  const second = await startServer(handler, { sessionSecret });
  const other = await startServer(handler);
  for (const { allow } of [first, second, other]) {
    allow('alice-1', 'alice');
    allow('bob-1', 'bob');
  }
  const { transport } = await connect(first.url, () => 'alice-1');
  const { sessionId } = transport;
  const alice = await connect(second.url, () => 'alice-1', sessionId);
  expect(JSON.stringify(await alice.client.callTool({ name: 'whoami' }))).toContain('alice');

  for (const { url, token } of [
    { url: first.url, token: 'bob-1' },
    { url: second.url, token: 'bob-1' },
    { url: other.url, token: 'alice-1' },
  ]) {
    const { client } = await connect(url, () => token, sessionId);
    await expect(client.callTool({ name: 'whoami' })).rejects.toThrow(/Session not found|404/);
  }
});

it.each([
  ['v1', keepSessions],
  ['v2', keepSessionsOfV2],
])('MCP-06: the streamed answer of SDK %s to a call ends with its token', async (_line, keep) => {
  const { url, allow } = await startServer(keep(), { scopes: { tools: { wait: [] } } });
  allow('long', 'alice');
  const post = (token: string, method: string, params: unknown, session = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...session,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  const opened = await post('long', 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  });
  await opened.text();
  const session = { 'Mcp-Session-Id': opened.headers.get('Mcp-Session-Id') ?? '' };
  const params = { name: 'wait', arguments: {} };
  const expiresAt = Math.ceil(Date.now() / 1_000) + 2;
  allow('short', 'alice', expiresAt);
  const waiting = await post('short', 'tools/call', params, session);

  expect(waiting.headers.get('Content-Type')).toBe('text/event-stream');
  expect(await waiting.text()).not.toContain('result');
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1_000);
});
