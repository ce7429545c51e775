/** Lists that show each client what its token may use (MCP-07). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens } from '../fixture.ts';

const gate = createTestGate();
const answer = () => ({ content: [] });
const handler = createMcpHandler(({ authInfo }) => {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  for (const name of ['whoami', 'list', 'delete']) {
    const tool = server.registerTool(name, {}, answer);
    if (!gate.permits(authInfo, { tool: name })) tool.disable();
  }
  return server;
});
const http = createServer(nodeGate(gate, toNodeHandler(handler)));
let url: URL;

beforeAll(async () => {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
});

it.each([
  [tokens.none, ['whoami']],
  [tokens.read, ['whoami', 'list']],
  [tokens.write, ['whoami', 'list', 'delete']],
])('shows to %s what it may use (MCP-07)', async (token, visible) => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const { tools } = await client.listTools();
  await client.close();

  expect(tools.map(({ name }) => name)).toEqual(visible);
});

it('keeps such a list out of shared caches (MCP-07)', async () => {
  const revision = '2026-07-28';
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${tokens.read}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'Mcp-Protocol-Version': revision,
      'Mcp-Method': 'tools/list',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': revision,
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const text = await response.text();

  expect(text).toContain('"cacheScope":"private"');
  expect(text).not.toContain('"delete"');
});
