/** Every host that can carry a proxy, with the body parsers that people put before and behind the gate. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Server } from 'node:net';
import type { McpGate } from '@sallyport/mcp-adapter';
import { expressGate } from '@sallyport/mcp-adapter/express';
import { fastifyGate } from '@sallyport/mcp-adapter/fastify';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import express, { type RequestHandler } from 'express';
import express4 from 'express-4';
import { type FastifyInstance, fastify } from 'fastify';

/** A gate with a proxy behind it, which listens. */
export interface Host {
  readonly name: string;
  /** The version of HTTP that it speaks. */
  readonly http: 1 | 2;
  start(gate: McpGate, handle: GatedHandler): Promise<Server>;
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const nodeHosts: readonly Host[] = [
  {
    name: 'node:http',
    http: 1,
    start: (gate, handle) => listening(createServer(nodeGate(gate, handle))),
  },
  {
    name: 'node:http2',
    http: 2,
    start: (gate, handle) =>
      listening(createHttp2Server(nodeGate(gate, handle) as unknown as never)),
  },
];

/** @param kit Express 4 or 5: their parsers differ. */
const parsersOf = (kit: typeof express): Readonly<Record<string, readonly RequestHandler[]>> => ({
  nothing: [],
  json: [kit.json()],
  'json of every type': [kit.json({ type: () => true, strict: false })],
  urlencoded: [kit.urlencoded({ extended: false })],
  'urlencoded of every type': [kit.urlencoded({ extended: true, type: () => true })],
  text: [kit.text({ type: () => true })],
  raw: [kit.raw({ type: () => true })],
  'json, urlencoded and text': [kit.json(), kit.urlencoded({ extended: true }), kit.text()],
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

function expressHosts(version: string, kit: typeof express): readonly Host[] {
  const places = Object.entries(parsersOf(kit)).flatMap(([parser, list]) => [
    { name: `${parser} before the gate`, before: list, behind: [] },
    { name: `${parser} behind the gate`, before: [], behind: list },
  ]);
  return places.map(({ name, before, behind }) => ({
    name: `Express ${version}, ${name}`,
    http: 1,
    start(gate, handle) {
      const app = kit();
      for (const parser of before) app.use(parser);
      app.use(expressGate(gate));
      for (const parser of behind) app.use(parser);
      app.use(async (request, response) => {
        await handle(request as never, response, request.body);
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

const fastifyHosts: readonly Host[] = Object.entries(fastifyParsers).map(([name, add]) => ({
  name: `Fastify with ${name}`,
  http: 1,
  async start(gate, handle) {
    const app = fastify();
    await app.register(fastifyGate(gate));
    add(app);
    app.all('/*', async (request, reply) => {
      reply.hijack();
      await handle(request.raw as never, reply.raw, request.body);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
}));

export const hosts: readonly Host[] = [
  ...nodeHosts,
  ...expressHosts('4', express4 as unknown as typeof express),
  ...expressHosts('5', express),
  ...fastifyHosts,
];
