/** Every host, with whatever people put before and behind the gate. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Server } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express, { type RequestHandler } from 'express';
import express4 from 'express-4';
import { type FastifyInstance, fastify } from 'fastify';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { expressGate } from '../../../src/express.ts';
import { fastifyGate } from '../../../src/fastify.ts';
import { fetchGate } from '../../../src/fetch.ts';
import { honoGate } from '../../../src/hono.ts';
import type { McpGate } from '../../../src/index.ts';
import { nodeGate } from '../../../src/node.ts';
import {
  createFetchHandlers,
  createNodeHandlers,
  type HandlerName,
  type Markers,
} from './handlers.ts';

export interface Arrangement {
  readonly name: string;
  /** The version of HTTP that its server speaks. */
  readonly http: 1 | 2;
  start(gate: McpGate, handler: HandlerName, markers: Markers): Promise<Server>;
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const node: readonly Arrangement[] = ([1, 2] as const).map((http) => ({
  name: `node:http${http === 1 ? '' : 2}`,
  http,
  start(gate, handler, markers) {
    const listener = nodeGate(gate, createNodeHandlers(markers)[handler] as never);
    return listening(
      http === 1 ? createServer(listener) : createHttp2Server(listener as unknown as never),
    );
  },
}));

const fetchHost: Arrangement = {
  name: 'fetch',
  http: 1,
  start(gate, handler, markers) {
    const gated = fetchGate(gate, createFetchHandlers(markers)[handler]);
    return listening(
      createServer(
        getRequestListener((request) => gated(request, '203.0.113.7'), {
          overrideGlobalObjects: false,
        }),
      ),
    );
  },
};

type Parsers = Readonly<Record<string, readonly RequestHandler[]>>;

/** @param kit Express 4 or 5: their parsers differ. */
const parsersOf = (kit: typeof express): Parsers => ({
  nothing: [],
  json: [kit.json()],
  'json of every type': [kit.json({ type: () => true, strict: false })],
  urlencoded: [kit.urlencoded({ extended: false })],
  'urlencoded, nested, of every type': [kit.urlencoded({ extended: true, type: () => true })],
  text: [kit.text({ type: () => true })],
  raw: [kit.raw({ type: () => true })],
  'json and urlencoded and text': [kit.json(), kit.urlencoded({ extended: true }), kit.text()],
  'an empty body': [
    (request, _response, next) => {
      request.body = {};
      next();
    },
  ],
  'a harmless body': [
    (request, _response, next) => {
      request.body = { jsonrpc: '2.0', id: 1, method: 'ping' };
      next();
    },
  ],
  'the override of a method': [
    (request, _response, next) => {
      const wanted = request.headers['x-http-method-override'] ?? request.query['_method'];
      if (typeof wanted === 'string') request.method = wanted;
      next();
    },
  ],
});

function expressHosts(version: string, kit: typeof express): readonly Arrangement[] {
  const parsers = parsersOf(kit);
  const places = Object.entries(parsers).flatMap(([parser, list]) => [
    { name: `${parser} before the gate`, before: list, after: [] },
    { name: `${parser} behind the gate`, before: [], after: list },
  ]);
  return places.map(({ name, before, after }) => ({
    name: `Express ${version}, ${name}`,
    http: 1,
    start(gate, handler, markers) {
      const app = kit();
      for (const parser of before) app.use(parser);
      app.use(expressGate(gate));
      for (const parser of after) app.use(parser);
      const run = createNodeHandlers(markers)[handler];
      app.use(async (request, response) => {
        await run(request as never, response, request.body);
      });
      app.use(((_error, _request, response, _next) => {
        response.status(400).end('refused by a parser');
      }) as express.ErrorRequestHandler);
      return listening(createServer(app as unknown as RequestListener));
    },
  }));
}

const fastifyParsers: Readonly<Record<string, (app: FastifyInstance) => void>> = {
  'no parser': () => {},
  'a parser for JSON': (app) => {
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, parsed) =>
      parsed(null, body),
    );
  },
  'a parser for buffers of every type': (app) => {
    app.addContentTypeParser(/.*/, { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    );
  },
};

const fastifyHosts: readonly Arrangement[] = Object.entries(fastifyParsers).map(([name, add]) => ({
  name: `Fastify with ${name}`,
  http: 1,
  async start(gate, handler, markers) {
    const app = fastify();
    await app.register(fastifyGate(gate));
    add(app);
    const run = createNodeHandlers(markers)[handler];
    app.all('/*', async (request, reply) => {
      reply.hijack();
      await run(request.raw as never, reply.raw, request.body);
    });
    await app.ready();
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
}));

const honoReaders: Readonly<Record<string, MiddlewareHandler>> = {
  nothing: (_context, next) => next(),
  'somebody who reads JSON': async ({ req }, next) => {
    await req.json().catch(() => undefined);
    await next();
  },
  'somebody who reads text': async ({ req }, next) => {
    await req.text();
    await next();
  },
  'somebody who reads bytes': async ({ req }, next) => {
    await req.arrayBuffer();
    await next();
  },
  'somebody who reads forms': async ({ req }, next) => {
    await req.parseBody().catch(() => undefined);
    await next();
  },
};

const honoHosts: readonly Arrangement[] = Object.entries(honoReaders).map(([name, reader]) => ({
  name: `Hono, ${name} before the gate`,
  http: 1,
  start(gate, handler, markers) {
    const app = new Hono<{ Variables: { auth: never; parsedBody: unknown } }>();
    app.use(reader);
    app.use(honoGate(gate, (_context: Context) => '203.0.113.7') as never);
    const run = createFetchHandlers(markers)[handler];
    app.all('*', (context) =>
      run(context.req.raw, {
        authInfo: context.var.auth,
        parsedBody: context.var.parsedBody,
        again: () => context.req.json(),
      }),
    );
    return listening(createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false })));
  },
}));

export const arrangements: readonly Arrangement[] = [
  ...node,
  fetchHost,
  ...expressHosts('4', express4 as unknown as typeof express),
  ...expressHosts('5', express),
  ...fastifyHosts,
  ...honoHosts,
];
