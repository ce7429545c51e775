/** Both SDK lines behind the gate, with their own unmodified clients in front. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import type { McpGate } from '../../src/index.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens } from '../fixture.ts';

const tell = (...seen: unknown[]) => ({
  content: [{ type: 'text' as const, text: JSON.stringify(seen) }],
});
const secret = 'file:///secret';
const readSecret = () => ({ contents: [{ uri: secret, text: 'the secret' }] });
const headersOf = (request: Request | undefined) => [...(request?.headers ?? [])];

const servers: Readonly<Record<string, (gate: McpGate) => RequestListener>> = {
  'SDK v2': (gate) => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'test', version: '1.0.0' });
      server.registerTool('list', {}, ({ http }) => tell(http?.authInfo, headersOf(http?.req)));
      server.registerTool('delete', {}, () => tell('deleted'));
      server.registerResource('secret', secret, {}, readSecret);
      return server;
    });
    return nodeGate(gate, toNodeHandler(handler));
  },

  'SDK v1': (gate) =>
    nodeGate(gate, async (request, response, body) => {
      const server = new McpServerV1({ name: 'test', version: '1.0.0' });
      server.registerTool('list', {}, ({ authInfo, requestInfo }) => tell(authInfo, requestInfo));
      server.registerTool('delete', {}, () => tell('deleted'));
      server.registerResource('secret', secret, {}, readSecret);
      const transport = new StreamableHTTPServerTransport();
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      response.once('close', () => void server.close());
      await transport.handleRequest(request, response, body);
    }),
};

const requestInit = { headers: { Authorization: `Bearer ${tokens.read}` } };

const clients: Readonly<Record<string, (url: URL) => Promise<ClientV1 | Client>>> = {
  'a client of SDK v2': async (url) => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    return client;
  },
  'a client of SDK v1': async (url) => {
    const client = new ClientV1({ name: 'test', version: '1.0.0' });
    const transport = new TransportV1(url, { requestInit });
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    return client;
  },
};

const pairs = Object.entries(servers).flatMap(([server, listener]) =>
  Object.entries(clients).map(([client, connect]) => ({ server, client, listener, connect })),
);

async function connected(
  { listener, connect }: (typeof pairs)[number],
  gate: McpGate,
  call: (client: ClientV1 | Client) => Promise<void>,
): Promise<void> {
  const http = createServer(listener(gate)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = await connect(
    new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`),
  );
  await call(client);
  await client.close();
  http.closeAllConnections();
  http.close();
}

it.each(pairs)('$client calls tools of $server', async (pair) => {
  await connected(pair, createTestGate(), async (client) => {
    const result = JSON.stringify(await client.callTool({ name: 'list', arguments: {} }));
    // A tool knows who is calling, and has nothing of the token to pass on (MCP-01).
    expect(result).toContain('user-1');
    expect(result).toContain('client-1');
    expect(result).not.toContain(tokens.read);
    expect(result.toLowerCase()).not.toContain('bearer');

    await expect(client.callTool({ name: 'delete', arguments: {} })).rejects.toThrow(/403|scope/);
  });
});

it.each(pairs)('$client reads no resource of $server under another name', async (pair) => {
  const resources = { 'file:///public/*': [], 'file:///*': ['notes:write'] };
  await connected(pair, createTestGate({ scopes: { tools: {}, resources } }), async (client) => {
    for (const uri of [secret, 'file:///public/../secret', 'file:///public/%2e%2e/secret']) {
      await expect(client.readResource({ uri })).rejects.toThrow(/403|scope/);
    }
  });
  const open = { 'file:///*': ['notes:read'] };
  await connected(
    pair,
    createTestGate({ scopes: { tools: {}, resources: open } }),
    async (client) => {
      const { contents } = await client.readResource({ uri: 'file:///public/../secret' });
      expect(JSON.stringify(contents)).toContain('the secret');
    },
  );
});
