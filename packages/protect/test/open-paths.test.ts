import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { serve } from '@hono/node-server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { AuthorizationServer } from '@sallyport/testing';
import express, { type Response as Answer, type NextFunction, type Request } from 'express';
import express4 from 'express-4';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { protect as protectExpress } from '../src/express.ts';
import { protect as protectFastify } from '../src/fastify.ts';
import { protect as protectFetch } from '../src/fetch.ts';
import { protect as protectHono } from '../src/hono.ts';
import { createOpenPaths } from '../src/hosts/open-paths.ts';
import { protect as protectNode } from '../src/node.ts';
import {
  ask,
  type Listening,
  listening,
  resource,
  right,
  sendAsIs,
  settingsFor,
  startIssuer,
} from './fixture.ts';

let issuer: AuthorizationServer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

const openPaths = ['/health', '/', '/docs/'];
const isOpenPath = (url = '') => openPaths.includes(url.split('?', 1)[0] ?? '');
const answerOnNode = ({ url }: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(isOpenPath(url) ? 200 : 404).end('open');
const reached = (_request: IncomingMessage, response: ServerResponse) => void response.end('mcp');

type Settings = ReturnType<typeof settingsFor> & { openPaths: readonly string[] };

/** Each host, whose router answers every address. */
const hosts: Readonly<Record<string, (settings: Settings) => Promise<Listening>>> = {
  async 'node:http'(settings) {
    const gated = await protectNode({ ...settings, openHandler: answerOnNode }, reached);
    return listening(createServer(gated));
  },
  async 'Express 5'(settings) {
    const app = express();
    app.use(await protectExpress(settings));
    app.use(reached);
    return listening(createServer(app));
  },
  async 'Express 4'(settings) {
    const app = express4();
    app.use(await protectExpress(settings));
    app.use(reached);
    return listening(createServer(app));
  },
  async Fastify(settings) {
    const app = fastify();
    await app.register(await protectFastify(settings));
    app.all('/*', async () => 'mcp');
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { url } = await listening(app.server);
    return { url, close: () => app.close() };
  },
  async Hono(settings) {
    const app = new Hono();
    app.use(await protectHono(settings));
    app.all('*', (context) => context.text('mcp'));
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as never);
  },
  async 'the Fetch API'(settings) {
    const gated = await protectFetch(
      { ...settings, clientAddress: () => '192.0.2.1', openHandler: () => new Response('open') },
      () => new Response('mcp'),
    );
    const fetch = (request: globalThis.Request) => gated(request);
    return listening(serve({ fetch, port: 0, hostname: '127.0.0.1' }) as never);
  },
};

interface Attempt {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const open: readonly Attempt[] = [
  { target: '/health' },
  { target: '/health?verbose=1' },
  { target: '/' },
  { target: '/docs/' },
  { method: 'HEAD', target: '/health' },
];

const closed: readonly Attempt[] = [
  ...['POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method, target: '/health' })),
  ...[
    '/health/',
    '/HEALTH',
    '/healthz',
    '/health;x=1',
    '/health%2F',
    '/%68ealth',
    '//health',
    '/./health',
    '/x/../health',
    '/mcp/../health',
    '/health/../mcp',
    '/docs',
    '/docs/x',
    '/mcp',
    '/mcp?/health',
  ].map((target) => ({ target })),
  ...[
    // A bad token is refused on open paths, too.
    { Authorization: 'Bearer bad' },
    { DPoP: 'proof' },
    { 'Mcp-Session-Id': 'a' },
    { 'Last-Event-ID': '1' },
    // An MCP handler that ignores paths would open a stream.
    { Accept: 'text/event-stream' },
    { Accept: 'application/json, Text/Event-Stream;q=0.1' },
    // Middleware could turn it into another request.
    { 'X-HTTP-Method-Override': 'POST' },
    { 'X-HTTP-Method': 'DELETE' },
    { 'X-Original-URL': '/mcp' },
    { 'X-Rewrite-URL': '/mcp' },
    // A body that no gate has read.
    { 'Content-Length': '0' },
  ].map((headers) => ({ target: '/health', headers: headers as Record<string, string> })),
];

// Some servers resolve dots before anybody sees the target, and the router sees the same.
const resolvesDots = ['Hono', 'the Fetch API'];

describe.each(Object.keys(hosts))('open paths on %s', (name) => {
  let server: Listening;
  beforeAll(async () => {
    const start = hosts[name] as (typeof hosts)[string];
    server = await start({ ...settingsFor(issuer), openPaths });
  });
  afterAll(() => server.close());

  it.each(open)('answers $method $target without a token', async (attempt) => {
    expect(await sendAsIs(server.url, attempt)).toBe(200);
  });

  it.each(closed)('asks for a token at $method $target with $headers (HDR-16)', async (attempt) => {
    const status = await sendAsIs(server.url, attempt);

    const { pathname } = new URL(`https://mcp.example.com${attempt.target}`);
    const isResolved = pathname !== attempt.target && openPaths.includes(pathname);
    // There, the router is asked for what was compared, and no other path.
    const admissible = resolvesDots.includes(name) && isResolved ? [200] : [400, 401, 405];
    expect(admissible).toContain(status);
  });

  it('leaves the endpoint as it was', async () => {
    expect(await ask(server.url, issuer)).toEqual(right);
  });
});

it('are compared with what the router goes by, also where middleware has rewritten it', async () => {
  const app = express();
  app.use((request: Request, _answer: Answer, next: NextFunction) => {
    if (request.url === '/health') request.url = '/mcp';
    next();
  });
  app.use(await protectExpress({ ...settingsFor(issuer), openPaths }));
  app.use(reached);
  const server = await listening(createServer(app));
  onTestFinished(() => server.close());

  expect(await sendAsIs(server.url, { target: '/health' })).toBe(401);
});

describe('MCP handlers that ignore paths', () => {
  const done: string[] = [];
  const register = (server: McpServer | McpServerV1) =>
    (server as McpServer).registerTool('write_note', {}, () => {
      done.push('write_note');
      return { content: [] };
    });
  const handlers: Readonly<
    Record<
      string,
      (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => unknown
    >
  > = {
    'SDK v2': (request, response) => {
      const handler = createMcpHandler(() => {
        const server = new McpServer({ name: 'test', version: '1.0.0' });
        register(server);
        return server;
      });
      return toNodeHandler(handler)(request as never, response, request.body);
    },
    'SDK v1': async (request, response) => {
      const server = new McpServerV1({ name: 'test', version: '1.0.0' });
      register(server);
      const transport = new StreamableHTTPServerTransport();
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      response.once('close', () => void server.close());
      await transport.handleRequest(request, response, request.body);
    },
  };

  it.each(Object.keys(handlers))(
    'open no stream and run no tool for a stranger: %s',
    async (name) => {
      const app = express();
      app.use(await protectExpress({ ...settingsFor(issuer), openPaths }));
      app.use(handlers[name] as never);
      const server = await listening(createServer(app));
      onTestFinished(() => server.close());
      const statuses = [];
      for (const attempt of [...open, ...closed]) {
        statuses.push(await sendAsIs(server.url, attempt));
      }

      expect(statuses.filter((status) => status < 400)).toEqual([]);
      expect(done).toEqual([]);
    },
  );
});

describe('openPaths', () => {
  const refused: readonly (readonly [path: string, problem: RegExp])[] = [
    ['health', /must begin with a slash/],
    ['', /must begin with a slash/],
    ['https://mcp.example.com/health', /must begin with a slash/],
    ['/health*', /wildcards/],
    ['/*', /wildcards/],
    ['/:name', /wildcards/],
    ['/a(b)?', /wildcards/],
    ['/{a}', /wildcards/],
    ['/a?b=c', /wildcards/],
    ['/a#b', /wildcards/],
    ['/a\\b', /wildcards/],
    ['/a;b', /wildcards/],
    ['/ä', /wildcards/],
    ['/a b', /wildcards/],
    ['/a\n', /wildcards/],
    ['/%68ealth', /must have no %/],
    ['/a%2fb', /must have no %/],
    ['//health', /must have no \/\//],
    ['/a//b', /must have no \/\//],
    ['/..', /must have no \. or \.\./],
    ['/a/../b', /must have no \. or \.\./],
    ['/./health', /must have no \. or \.\./],
    ['/mcp', /leads to the MCP endpoint/],
    ['/mcp/', /leads to the MCP endpoint/],
    ['/MCP', /leads to the MCP endpoint/],
    ['/mcp/tools', /leads to the MCP endpoint/],
    ['/.well-known/oauth-protected-resource', /served by the gate/],
    ['/.well-known/oauth-protected-resource/mcp', /served by the gate/],
    ['/.well-known/oauth-authorization-server', /served by the gate/],
  ];

  it.each(refused)('refuses %j', (path, problem) => {
    expect(() => createOpenPaths(['/health', path], resource)).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        option: 'protect.openPaths',
        problem: expect.stringMatching(problem),
      }),
    );
  });

  it.each([
    ['https://mcp.example.com', '/'],
    ['https://mcp.example.com/notes/mcp', '/notes/mcp'],
    // Behind a proxy that strips the prefix, this is the endpoint.
    ['https://mcp.example.com/notes/mcp', '/mcp'],
    ['https://mcp.example.com/notes/mcp', '/mcp/health'],
  ])('knows the endpoint of %s at %s', (endpoint, path) => {
    expect(() => createOpenPaths([path], endpoint)).toThrow(/leads to the MCP endpoint/);
  });

  it.each([
    ['https://mcp.example.com', '/health'],
    ['https://mcp.example.com/mcp', '/'],
    ['https://mcp.example.com/mcp', '/mcp-docs'],
    ['https://mcp.example.com/notes/mcp', '/notes'],
    ['https://mcp.example.com/mcp', '/.well-known/security.txt'],
  ])('takes, beside %s, the path %s', (endpoint, path) => {
    const isOpen = createOpenPaths([path], endpoint);
    const request = { method: 'GET', targets: [path], has: () => false, accept: '' };

    expect(isOpen(request)).toBe(true);
    expect(isOpen({ ...request, targets: [path, '/other'] })).toBe(false);
    expect(isOpen({ ...request, method: 'get' })).toBe(false);
  });

  it('needs a handler of its own where there is no router, and the handler needs paths', async () => {
    const settings = settingsFor(issuer);
    const openHandler = answerOnNode;

    await expect(protectNode({ ...settings, openPaths }, reached)).rejects.toThrow(
      /^protect.openHandler: is missing/,
    );
    await expect(protectNode({ ...settings, openHandler }, reached)).rejects.toThrow(
      /^protect.openPaths: is missing/,
    );
  });

  it('answers 503 where their handler fails', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    const settings = { ...settingsFor(issuer), openPaths, openHandler: fail };
    const server = await listening(createServer(await protectNode(settings, reached)));
    onTestFinished(() => server.close());
    const onFetch = await protectFetch({ ...settings, clientAddress: () => 'a' }, fail);

    expect(await sendAsIs(server.url, { target: '/health' })).toBe(503);
    expect((await onFetch(new globalThis.Request('https://mcp.example.com/health'))).status).toBe(
      503,
    );
  });
});
