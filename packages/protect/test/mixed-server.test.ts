/** A server with anonymous and protected tools, and the unmodified clients of both SDK lines that sign in midway. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { authorizeHeadlessly } from '@sallyport/testing';
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

/** A person with a client that keeps everything in memory, for both lines. */
function createPerson() {
  const kept: { client?: { client_id: string }; tokens?: never; verifier: string; url?: URL } = {
    verifier: '',
  };
  const redirectUrl = 'http://localhost:7777/callback';
  return {
    redirectUrl,
    clientMetadata: {
      client_name: 'test',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens as never;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: (url: URL) => {
      kept.url = url;
    },
    wasAsked: () => kept.url !== undefined,
    scopeAsked: () => kept.url?.searchParams.get('scope'),
    async consent() {
      const back = await authorizeHeadlessly(kept.url as URL, { subject: 'ada' });
      return back.searchParams;
    },
  };
}

const info = { name: 'test', version: '1.0.0' };
type Person = ReturnType<typeof createPerson>;
type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** One SDK line: a transport for an address, and a client on it. */
const clients = {
  'the client of SDK v2'(url: URL, authProvider: Person, fetch: Fetch) {
    const transport = new StreamableHTTPClientTransport(url, { authProvider, fetch });
    return {
      finish: (answer: URLSearchParams) => transport.finishAuth(answer),
      async connect() {
        const client = new Client(info);
        await client.connect(transport);
        return client;
      },
    };
  },
  'the client of SDK v2 with 2026-07-28'(url: URL, authProvider: Person, fetch: Fetch) {
    const transport = new StreamableHTTPClientTransport(url, { authProvider, fetch });
    return {
      finish: (answer: URLSearchParams) => transport.finishAuth(answer),
      async connect() {
        const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
        await client.connect(transport);
        return client;
      },
    };
  },
  'the client of SDK v1'(url: URL, authProvider: Person, fetch: Fetch) {
    const transport = new TransportV1(url, { authProvider, fetch });
    return {
      finish: (answer: URLSearchParams) => transport.finishAuth(answer.get('code') ?? ''),
      async connect() {
        const client = new ClientV1(info);
        await client.connect(transport as Parameters<typeof client.connect>[0]);
        return client;
      },
    };
  },
} as const;

const pairs = Object.keys(handlers).flatMap((server) =>
  (Object.keys(clients) as (keyof typeof clients)[]).map((client) => ({ server, client })),
);

it.each(pairs)(
  'MCP-22: $client uses anonymous tools of $server, is asked to sign in for a protected one, and calls it',
  async ({ server, client: line }) => {
    const hasSessions = server === 'SDK v1 with sessions';
    const resource = await startServer(server);
    const person = createPerson();
    const seen: string[] = [];
    const record: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (String(url) === resource.href) {
        const body = init?.method === 'POST' ? JSON.parse(String(init.body)) : {};
        seen.push(`${init?.method} ${body.method ?? ''} ${response.status}`);
      }
      return response;
    };
    const first = clients[line](resource, person, record);
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
    expect(person.wasAsked()).toBe(false);
    await expect(stranger.callTool({ name: 'write_note', arguments: {} })).rejects.toThrow();
    expect(person.scopeAsked()).toContain('notes:write');

    await first.finish(await person.consent());
    const sameClient = stranger.callTool({ name: 'write_note', arguments: {} });
    // An anonymous session stays anonymous. The client has to begin a new one, as MCP says for 404.
    if (hasSessions) await expect(sameClient).rejects.toThrow(/Session not found/);
    else expect(JSON.stringify(await sameClient)).toContain('written by ada');
    const caller = await clients[line](resource, person, record).connect();
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
    const person = createPerson();
    const client = await clients[line](resource, person, fetch).connect();
    onTestFinished(() => client.close());

    expect(await client.callTool({ name: 'write_note', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'Authentication required' }],
      _meta: { 'mcp/www_authenticate': [expect.stringContaining('scope="notes:write')] },
    });
    expect(person.wasAsked()).toBe(false);
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
