/** A server of either SDK line, over HTTP or stdio, that marks each call of its tools in a file. */
import { appendFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const [line, transport, file = ''] = process.argv.slice(2);

function serverOf<Server extends McpServer | McpServerV1>(
  Class: new (info: { name: string; version: string }) => Server,
): Server {
  const server = new Class({ name: 'marking', version: '1.0.0' });
  const register = server.registerTool.bind(server) as McpServerV1['registerTool'];
  for (const [tool, mark] of [
    ['read', 'read'],
    ['delete', 'write'],
  ] as const) {
    register(tool, {}, () => {
      appendFileSync(file, `${JSON.stringify([mark, tool])}\n`);
      return { content: [{ type: 'text' as const, text: mark }] };
    });
  }
  return server;
}

function listenerOfV2(): RequestListener {
  return toNodeHandler(createMcpHandler(() => serverOf(McpServer))) as RequestListener;
}

function listenerOfV1(): RequestListener {
  return async (request, response) => {
    const server = serverOf(McpServerV1);
    // The types of SDK v1 do not know `exactOptionalPropertyTypes`.
    const http = new StreamableHTTPServerTransport({ enableJsonResponse: true }) as never;
    await server.connect(http);
    response.once('close', () => void server.close());
    await (http as StreamableHTTPServerTransport).handleRequest(request, response);
  };
}

if (transport === 'http') {
  const server = createServer(line === 'v1' ? listenerOfV1() : listenerOfV2());
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
} else if (line === 'v1') {
  await serverOf(McpServerV1).connect(new StdioServerTransport() as never);
} else {
  serveStdio(() => serverOf(McpServer));
}
