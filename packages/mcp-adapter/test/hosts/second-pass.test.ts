import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { OperationalEvent } from '@sallyport/core';
import express from 'express';
import express4 from 'express-4';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { honoGate } from '../../src/hono.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';

const init = (tool: string, token: string | undefined = tokens.read) => ({
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    ...(token !== '' && { Authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify(toolCall(tool)),
});

function setUp() {
  const events: string[] = [];
  const onEvent = ({ type }: OperationalEvent) => {
    if (type !== 'host_differs') events.push(type);
  };
  return { events, gate: createTestGate({ onEvent }), other: createTestGate({ onEvent }) };
}

async function ask(app: express.Express, ...requests: readonly RequestInit[]) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const statuses: number[] = [];
  for (const request of requests) {
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, request);
    statuses.push(response.status);
  }
  server.closeAllConnections();
  server.close();
  return statuses;
}

const requests = [init('list'), init('delete'), init('list', '')];

describe.each([
  ['4', express4],
  ['5', express],
])('Express %s', (_version, framework) => {
  it('CASE-28: a gate mounted twice decides once, and reports that its metadata is out of reach', async () => {
    const { events, gate } = setUp();
    const app = framework();
    app.use('/mcp', expressGate(gate));
    app.post('/mcp', expressGate(gate), (request, response) => void response.json(request.body));

    expect(await ask(app, ...requests)).toEqual([200, 403, 401]);
    expect(events).toEqual(['metadata_unreachable']);
  });

  it('CASE-28: reports a gate in a mounted application, which its metadata address does not reach', async () => {
    const { events, gate } = setUp();
    const inner = framework();
    inner.use(expressGate(gate));
    const app = framework();
    app.use('/mcp', inner);
    await ask(app, init('list'));

    expect(events).toEqual(['metadata_unreachable']);
  });

  it('CASE-28: reports nothing where the metadata address leads to the gate', async () => {
    const { events, gate } = setUp();
    const twice = framework();
    twice.use('/mcp', expressGate(gate));
    twice.use(gate.metadataPath, expressGate(gate));
    const routes = framework();
    routes.all(['/mcp', gate.metadataPath], expressGate(gate));
    const root = framework();
    root.use(expressGate(gate));
    root.post('/mcp', expressGate(gate));
    for (const app of [twice, routes, root]) await ask(app, init('list'));

    expect(events).toEqual([]);
  });

  it('CASE-28: a request that another gate admitted is refused, and gates_overlap is reported', async () => {
    const { events, gate, other } = setUp();
    const app = framework();
    app.use(expressGate(gate), expressGate(other));
    app.post('/mcp', (_request, response) => void response.end('open'));

    expect(await ask(app, init('list'), init('list'))).toEqual([401, 401]);
    expect(events).toEqual(['gates_overlap']);
  });

  it('CASE-28: a request whose method changed since is decided anew', async () => {
    const { gate } = setUp();
    const app = framework();
    app.use(expressGate(gate), (request, _response, next) => {
      request.method = 'GET';
      next();
    });
    app.get('/mcp', expressGate(gate), (_request, response) => void response.end('open'));

    expect(await ask(app, init('list'))).toEqual([401]);
  });
});

it('CASE-28: nodeGate behind expressGate with the same gate passes the body on', async () => {
  const { gate } = setUp();
  const app = express();
  app.use(expressGate(gate));
  app.all(
    '/mcp',
    nodeGate(gate, (_request, response, body) => {
      response.statusCode = (body as { id?: number }).id === 1 ? 200 : 500;
      response.end();
    }),
  );

  expect(await ask(app, ...requests)).toEqual([200, 403, 401]);
});

it('CASE-28: fastifyGate and honoGate mounted twice decide once', async () => {
  const { gate, other, events } = setUp();
  const app = fastify();
  await app.register(fastifyGate(gate));
  await app.register(async (inner) => {
    await inner.register(fastifyGate(gate));
    inner.post('/mcp', async (request) => request.body);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`;
  const hono = new Hono();
  const address = () => '192.0.2.1';
  hono.use(honoGate(gate, address) as never, honoGate(gate, address) as never);
  hono.post('/mcp', async (context) => context.json(await context.req.json()));
  const overlapping = new Hono();
  overlapping.use(honoGate(gate, address) as never, honoGate(other, address) as never);
  overlapping.post('/mcp', (context) => context.text('open'));
  for (const request of requests) {
    const first = await fetch(url, request);
    const second = await hono.request('https://mcp.example.com/mcp', request);
    expect(second.status).toBe(first.status);
    if (first.ok) {
      expect(await first.json()).toEqual(toolCall('list'));
      expect(await second.json()).toEqual(toolCall('list'));
    }
  }
  const refused = await overlapping.request('https://mcp.example.com/mcp', init('list'));
  app.server.closeAllConnections();
  await app.close();

  expect(refused.status).toBe(401);
  expect(events).toEqual(['gates_overlap']);
});
