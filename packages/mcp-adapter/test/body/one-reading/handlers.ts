/** Servers behind the gate that write a note as soon as anything makes them do it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { AuthInfo } from '../../../src/index.ts';

/** What ran. `write` must stay 0 as long as the token may only read. */
export interface Markers {
  read: number;
  write: number;
}

export type NodeHandler = (
  request: IncomingMessage & { auth?: AuthInfo; body?: unknown },
  response: ServerResponse,
  body: unknown,
) => unknown;

export type FetchHandler = (
  request: Request,
  given: { authInfo?: AuthInfo; parsedBody: unknown; again?: () => Promise<unknown> },
) => Promise<Response> | Response;

const done = (what: string) => ({ content: [{ type: 'text' as const, text: what }] });

/** Both lines of the SDK, and somebody who wrote a server without one. */
export const handlerNames = ['SDK v1', 'SDK v2', 'own'] as const;
export type HandlerName = (typeof handlerNames)[number];

export function createNodeHandlers(markers: Markers): Readonly<Record<HandlerName, NodeHandler>> {
  const v2 = toNodeHandler(createMcpHandler(() => serverOf(McpServer, markers)));
  return {
    async 'SDK v1'(request, response, body) {
      const server = serverOf(McpServerV1, markers);
      const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      response.once('close', () => void server.close());
      await transport.handleRequest(request, response, body);
    },
    'SDK v2': (request, response, body) => v2(request as Parameters<typeof v2>[0], response, body),
    async own(request, response, body) {
      runLoosely(body, markers);
      runLoosely(request.body, markers);
      // It also reads what the gate may have left.
      if (!request.readableDidRead) runLoosely(await text(request), markers);
      response.end('own');
    },
  };
}

export function createFetchHandlers(markers: Markers): Readonly<Record<HandlerName, FetchHandler>> {
  const v2 = createMcpHandler(() => serverOf(McpServer, markers));
  return {
    async 'SDK v1'(request, given) {
      const server = serverOf(McpServerV1, markers);
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      return transport.handleRequest(request, given);
    },
    'SDK v2': (request, given) => v2.fetch(request, given),
    async own(request, { parsedBody, again }) {
      runLoosely(parsedBody, markers);
      runLoosely(await request.text(), markers);
      runLoosely(await again?.().catch(() => undefined), markers);
      return new Response('own');
    },
  };
}

function serverOf<Server extends McpServer | McpServerV1>(
  Class: new (info: { name: string; version: string }) => Server,
  markers: Markers,
): Server {
  const server = new Class({ name: 'test', version: '1.0.0' });
  const register = server.registerTool.bind(server) as McpServerV1['registerTool'];
  register('list', {}, () => {
    markers.read += 1;
    return done('read');
  });
  register('delete', {}, () => {
    markers.write += 1;
    return done('written');
  });
  return server;
}

/** A reader that makes the best of everything: text, buffers, lists in lists, methods in arrays. */
function runLoosely(given: unknown, markers: Markers): void {
  if (typeof given === 'string') runLoosely(parseLoosely(given), markers);
  if (given instanceof Uint8Array) runLoosely(Buffer.from(given).toString(), markers);
  if (Array.isArray(given)) for (const element of given) runLoosely(element, markers);
  if (typeof given !== 'object' || given === null) return;
  const { method, params } = given as { method?: unknown; params?: unknown };
  if (String(method) !== 'tools/call') return;
  const { name } = (typeof params === 'string' ? parseLoosely(params) : params) as {
    name?: unknown;
  };
  if (String(name) === 'delete') markers.write += 1;
  if (String(name) === 'list') markers.read += 1;
}

function parseLoosely(given: string): unknown {
  for (const line of [given, ...given.split('\n')]) {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      // Then perhaps the next line.
    }
  }
  return undefined;
}
