/** The same gate on every host of Node.js, for tests about connections. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { expressGate } from '../src/express.ts';
import { fastifyGate } from '../src/fastify.ts';
import { honoGate } from '../src/hono.ts';
import type { McpGate } from '../src/index.ts';
import { nodeGate } from '../src/node.ts';

export interface RunningHost {
  readonly url: string;
  readonly server: Server;
  readonly close: () => Promise<void>;
}

async function running(server: Server): Promise<RunningHost> {
  if (!server.listening) await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    close: async () => {
      server.closeAllConnections?.();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** @param server What the snippet of the README creates; the handler always answers "reached". */
export const hosts: Readonly<Record<string, (gate: McpGate) => Promise<RunningHost>>> = {
  node: (gate) =>
    running(
      createServer(nodeGate(gate, (_request, response) => void response.end('reached'))).listen(
        0,
        '127.0.0.1',
      ),
    ),
  express: (gate) => {
    const app = express();
    app.use(expressGate(gate));
    app.all('/mcp', (_request, response) => void response.end('reached'));
    return running(app.listen(0, '127.0.0.1'));
  },
  fastify: async (gate) => {
    const app = fastify();
    await app.register(fastifyGate(gate));
    app.all('/*', async () => 'reached');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return running(app.server);
  },
  hono: (gate) => {
    const app = new Hono();
    app.use(honoGate(gate, () => '192.0.2.1') as never);
    app.all('/mcp', (context) => context.text('reached'));
    return running(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
  },
};

/** The hosts that serve HTTP/2 without TLS. */
export const http2Hosts: typeof hosts = {
  node: (gate) => {
    const handler = nodeGate(gate, (_request, response) => void response.end('reached'));
    const server = createHttp2Server((request, response) =>
      handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    );
    return running(server.listen(0, '127.0.0.1') as unknown as Server);
  },
  hono: (gate) => {
    const app = new Hono();
    app.use(honoGate(gate, () => '192.0.2.1') as never);
    app.all('/mcp', (context) => context.text('reached'));
    const createServer = createHttp2Server as unknown as (options: ServerOptions) => Server;
    const server = serve({
      fetch: app.fetch,
      port: 0,
      hostname: '127.0.0.1',
      createServer: createServer as never,
    });
    return running(server as Server);
  },
};
