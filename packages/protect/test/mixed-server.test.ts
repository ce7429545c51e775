/** A server with anonymous and protected tools, and the unmodified clients of both SDK lines that sign in midway. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createOAuthClient, lines, modernLine } from '@sallyport/test-parts/sdk-clients';
import { expect, it, onTestFinished } from 'vitest';
import { anonymousAccess } from '../src/anonymous.ts';
import { optionalCallerOf } from '../src/index.ts';
import { type GatedHandler, type NodeSettings, protect } from '../src/node.ts';
import { listening, settingsFor, startIssuer } from './fixture.ts';

const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });
type Extra = Parameters<typeof optionalCallerOf>[0];
const search = (extra: Extra) => say(`found for ${optionalCallerOf(extra)?.subject ?? 'nobody'}`);
const write = (extra: Extra) => say(`written by ${optionalCallerOf(extra)?.subject ?? 'nobody'}`);

const handlers: Readonly<Record<string, () => GatedHandler>> = {
  'SDK v2': () =>
    toNodeHandler(
      createMcpHandler(() => {
        const server = new McpServer({ name: 'test', version: '1.0.0' });
        server.registerTool('search', {}, search);
        server.registerTool('write_note', {}, write);
        return server;
      }),
    ),
  'SDK v1 with sessions': () => {
    const transports = new Map<string, StreamableHTTPServerTransport>();
    return async (request, response, body) => {
      let transport = transports.get(String(request.headers['mcp-session-id']));
      if (transport === undefined) {
        const created = new StreamableHTTPServerTransport({
          sessionIdGenerator: randomUUID,
          onsessioninitialized: (session) => void transports.set(session, created),
        });
        const server = new McpServerV1({ name: 'test', version: '1.0.0' });
        server.registerTool('search', {}, search);
        server.registerTool('write_note', {}, write);
        await server.connect(created as Parameters<typeof server.connect>[0]);
        transport = created;
      }
      await transport.handleRequest(request, response, body);
    };
  },
};

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const clients = {
  'the client of SDK v2': lines['SDK v2'],
  'the client of SDK v2 with 2026-07-28': modernLine,
  'the client of SDK v1': lines['SDK v1'],
};

const pairs = Object.keys(handlers).flatMap((server) =>
  (Object.keys(clients) as (keyof typeof clients)[]).map((client) => ({ server, client })),
);

it.each(pairs)(
  'MCP-22: $client uses anonymous tools of $server, is asked to sign in for a protected one, and calls it',
  async ({ server, client: line }) => {
    const hasSessions = server === 'SDK v1 with sessions';
    const resource = await startServer(server);
    const person = createOAuthClient({ subject: 'ada' });
    const seen: string[] = [];
    const record: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (String(url) === resource.href) {
        const body = init?.method === 'POST' ? JSON.parse(String(init.body)) : {};
        seen.push(`${init?.method} ${body.method ?? ''} ${response.status}`);
      }
      return response;
    };
    const first = clients[line].newTransport(resource, person, record);
    const stranger = await first.connect();
    const { tools } = await stranger.listTools();
    expect(JSON.stringify(await stranger.callTool({ name: 'search', arguments: {} }))).toContain(
      'found for nobody',
    );
    const isModern = seen.includes('POST server/discover 200');
    // The stream that older clients open after the handshake.
    if (!isModern) await expect.poll(() => seen).toContain('GET  405');

    expect(tools).toHaveLength(2);
    // Nothing so far may open a browser.
    expect(person.kept.authorizationUrl).toBeUndefined();
    await expect(stranger.callTool({ name: 'write_note', arguments: {} })).rejects.toThrow();
    expect(person.kept.authorizationUrl?.searchParams.get('scope')).toContain('notes:write');

    await first.finish(await person.consent());
    const sameClient = stranger.callTool({ name: 'write_note', arguments: {} });
    // An anonymous session stays anonymous. The client has to begin a new one, as MCP says for 404.
    if (hasSessions) await expect(sameClient).rejects.toThrow(/Session not found/);
    else expect(JSON.stringify(await sameClient)).toContain('written by ada');
    const caller = await clients[line].newTransport(resource, person, record).connect();
    onTestFinished(() => caller.close());
    expect(JSON.stringify(await caller.callTool({ name: 'write_note', arguments: {} }))).toContain(
      'written by ada',
    );
    expect(JSON.stringify(await caller.callTool({ name: 'search', arguments: {} }))).toContain(
      'found for ada',
    );
  },
);

it.each(Object.keys(clients) as (keyof typeof clients)[])(
  'MCP-22: %s gets a challenge as the result of a tool, where the list says so',
  async (line) => {
    const resource = await startServer('SDK v2', 'tool-result');
    const person = createOAuthClient({ subject: 'ada' });
    const client = await clients[line].newTransport(resource, person, fetch).connect();
    onTestFinished(() => client.close());

    expect(await client.callTool({ name: 'write_note', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'Authentication required' }],
      _meta: { 'mcp/www_authenticate': [expect.stringContaining('scope="notes:write')] },
    });
    expect(person.kept.authorizationUrl).toBeUndefined();
  },
);

async function startServer(line: string, challenge: 'http' | 'tool-result' = 'http'): Promise<URL> {
  const http = createServer();
  const server = await listening(http);
  const resource = `${server.url}/mcp`;
  const own = await startIssuer([resource]);
  const settings: NodeSettings = {
    ...settingsFor(own),
    resource,
    tools: { write_note: ['notes:write'], read_note: ['notes:read'] },
    anonymous: anonymousAccess({ tools: ['search'], challenge }),
  };
  http.on('request', await protect(settings, (handlers[line] as () => GatedHandler)()));
  onTestFinished(async () => {
    await server.close();
    await own.stop();
  });
  return new URL(resource);
}
