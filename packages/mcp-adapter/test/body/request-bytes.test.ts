/** Middleware that ran before the gate, and changed the request without reading its body. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify, { type FastifyRequest } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ExpressRequest, expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import type { McpGate } from '../../src/index.ts';
import { type GatedRequest, nodeGate } from '../../src/node.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';

type Change = (request: ExpressRequest) => void;

const call = { ...toolCall('list'), params: { name: 'list', arguments: { text: 'é€😀' } } };
const forbidden = toolCall('delete');

async function listen(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

/** Every host answers with the body that its handler has. */
const hosts: Readonly<Record<string, (gate: McpGate, change: Change) => Promise<string>>> = {
  node(gate, change) {
    const gated = nodeGate(gate, (request, response) => {
      response.end(JSON.stringify((request as GatedRequest & ExpressRequest).body));
    });
    const server = createServer((request, response) => {
      change(request);
      void gated(request, response);
    });
    return listen(server.listen(0, '127.0.0.1'));
  },
  express(gate, change) {
    const app = express();
    app.use((request, _response, next) => {
      change(request as never);
      next();
    });
    app.use(expressGate(gate));
    app.all('/mcp', (request, response) => void response.end(JSON.stringify(request.body)));
    return listen(app.listen(0, '127.0.0.1'));
  },
  async fastify(gate, change) {
    const app = fastify();
    app.addHook('onRequest', async ({ raw }: FastifyRequest) => change(raw));
    await app.register(fastifyGate(gate));
    app.all('/*', async ({ body }) => JSON.stringify(body));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return listen(app.server);
  },
};

async function post(url: string, body: unknown = call): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${tokens.read}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const encodings = ['utf8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url'] as const;
const changes: Readonly<Record<string, Change>> = {
  'paused the request': (request) => void request.pause(),
  'added a readable listener': (request) => void request.on('readable', () => {}),
  'paused the request after it added a listener': (request) =>
    void request.on('readable', () => {}).pause(),
  'made body a getter': (request) => {
    Object.defineProperty(request, 'body', { get: () => forbidden, configurable: true });
  },
  'made body a getter that throws': (request) => {
    const get = () => {
      throw new SyntaxError('no JSON');
    };
    Object.defineProperty(request, 'body', { get, configurable: true });
  },
};

describe.each(Object.entries(hosts))('the body on %s', (_name, start) => {
  it.each(Object.entries(changes))(
    'CASE-02: is read and judged after middleware %s',
    async (_change, change) => {
      const url = await start(createTestGate(), change);

      expect(await post(url)).toEqual({ status: 200, text: JSON.stringify(call) });
      expect((await post(url, forbidden)).status).toBe(403);
    },
  );

  it.each(encodings)(
    'CASE-02: is the one of the client after setEncoding(%s)',
    async (encoding) => {
      const url = await start(createTestGate(), (request) => void request.setEncoding(encoding));
      // ASCII loses every other character.
      const isLossy = encoding === 'ascii';
      const sent = isLossy ? toolCall('list') : call;

      expect(await post(url, sent)).toEqual({ status: 200, text: JSON.stringify(sent) });
      expect((await post(url, forbidden)).status).toBe(403);
    },
  );

  it('CASE-73: has its limit in bytes after setEncoding', async () => {
    const gate = createTestGate({ maximumBodyBytes: 200 });
    const url = await start(gate, (request) => void request.setEncoding('utf8'));

    const text = '€'.repeat(50);
    const long = { ...call, params: { name: 'list', arguments: { text } } };
    expect(JSON.stringify(long).length).toBeLessThan(200);
    expect((await post(url, long)).status).toBe(413);
  });

  it('OPS-11: is answered with 503 and not 500 where the request cannot be changed', async () => {
    const events: string[] = [];
    const gate = createTestGate({ onEvent: ({ type }) => void events.push(type) });
    const url = await start(gate, (request) => {
      Object.defineProperty(request, 'body', { value: {}, configurable: false });
    });

    expect((await post(url)).status).toBe(503);
    expect(events).toContain('gate_failed');
  });
});

it('CASE-02: a getter that a parser left cannot hand the handler another body', async () => {
  const app = express();
  app.use(express.json(), (request, _response, next) => {
    const { body } = request;
    let reads = 0;
    const get = () => {
      reads += 1;
      return reads === 1 ? body : forbidden;
    };
    Object.defineProperty(request, 'body', { get, set() {}, configurable: true });
    next();
  });
  app.use(expressGate(createTestGate()));
  app.all('/mcp', (request, response) => void response.end(JSON.stringify(request.body)));

  const url = await listen(app.listen(0, '127.0.0.1'));
  expect(await post(url)).toEqual({ status: 200, text: JSON.stringify(call) });
});

it('CASE-03: a parser whose getter throws has left no JSON', async () => {
  const app = express();
  app.use(express.json(), (request, _response, next) => {
    const get = () => {
      throw new SyntaxError('no JSON');
    };
    Object.defineProperty(request, 'body', { get, configurable: true });
    next();
  });
  app.use(expressGate(createTestGate()));

  expect((await post(await listen(app.listen(0, '127.0.0.1')))).status).toBe(400);
});
