import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OperationalEvent } from '@sallyport/core';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { fetchGate } from '../../src/fetch.ts';
import { createGateReporter } from '../../src/gate/gate-event.ts';
import { honoGate } from '../../src/hono.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens } from '../fixture.ts';
import { sendRaw } from '../raw-http.ts';

function setUp() {
  const events: OperationalEvent[] = [];
  const onEvent = (event: OperationalEvent) => void events.push(event);
  const gate = createTestGate({ onEvent, allowedHosts: ['mcp.example.com', '127.0.0.1'] });
  return { events, gate };
}

const boom = () => {
  throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
};
const authorization = `Authorization: Bearer ${tokens.read}`;
const url = 'https://mcp.example.com/mcp';
const init = { headers: { Authorization: `Bearer ${tokens.read}` } };

it('CASE-24, CASE-52: nodeGate reports refused fields, failures and proxies', async () => {
  const { events, gate } = setUp();
  const server = createServer(nodeGate(gate, boom)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await sendRaw(base, ['GET /mcp HTTP/1.1', authorization, 'Origin: https://evil.test']);
  await sendRaw(base, ['GET /mcp HTTP/1.1', authorization]);
  await sendRaw(base, ['GET /mcp HTTP/1.1', authorization, 'X-Forwarded-For: 192.0.2.1']);
  await sendRaw(base, ['GET /mcp HTTP/1.1', 'Forwarded: for=192.0.2.1', 'Host: evil.test']);
  await sendRaw(base, ['GET /mcp HTTP/1.1', 'Host: other.test']);
  server.close();

  const failed = { type: 'handler_failed', error: 'Error', code: 'SQLITE_BUSY' };
  expect(events).toEqual([
    { type: 'request_forbidden', field: 'Origin' },
    failed,
    { type: 'forwarded_ignored', advice: expect.stringContaining('trustedProxyHops') },
    failed,
    { type: 'host_differs', advice: expect.stringContaining('resource') },
    { type: 'request_forbidden', field: 'Host' },
    { type: 'request_forbidden', field: 'Host' },
  ]);
});

it.each([
  'X-Forwarded-For: 192.0.2.1',
  'Forwarded: for=192.0.2.1',
  'X-Real-IP: 192.0.2.1',
  'X-Client-IP: 192.0.2.1',
  'True-Client-IP: 192.0.2.1',
  'CF-Connecting-IP: 192.0.2.1',
  'X-Forwarded-Host: mcp.example.com',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 443',
])(
  'CASE-52: nodeGate warns once of %s where no proxy is trusted, and never where one is',
  async (field) => {
    for (const [trustedProxyHops, expected] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { events, gate } = setUp();
      const server = createServer(nodeGate(gate, boom, { trustedProxyHops })).listen(
        0,
        '127.0.0.1',
      );
      await once(server, 'listening');
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      for (let count = 0; count < 3; count += 1) {
        await sendRaw(base, ['GET /mcp HTTP/1.1', 'Host: mcp.example.com', field]);
      }
      server.close();

      expect(events.filter(({ type }) => type === 'forwarded_ignored')).toHaveLength(expected);
    }
  },
);

it.each([
  ['another than the address', '198.51.100.7', { 'X-Forwarded-For': '192.0.2.1' }, 1],
  ['another in X-Real-IP', '198.51.100.7', { 'X-Real-IP': '192.0.2.1' }, 1],
  ['the address', '192.0.2.1', { 'X-Forwarded-For': '10.0.0.1, 192.0.2.1' }, 0],
  ['an address of IPv6', '2001:db8::1', { 'X-Forwarded-For': '2001:db8::1' }, 0],
  ['a name of the host', 'unknown', { 'X-Forwarded-For': '192.0.2.1' }, 0],
  ['only its scheme', '192.0.2.1', { 'X-Forwarded-Proto': 'https' }, 0],
])('CASE-52: fetchGate warns where a proxy names %s', async (_name, address, headers, times) => {
  const { events, gate } = setUp();
  const send = fetchGate(gate, async () => new Response());
  await send(new Request(url, { headers }), address);
  await send(new Request(url, { headers }), address);

  expect(events.filter(({ type }) => type === 'forwarded_ignored')).toHaveLength(times);
});

it('CASE-52: warns once of another Host, whatever follows', async () => {
  const { events, gate } = setUp();
  const send = fetchGate(gate, async () => new Response());
  for (const host of ['127.0.0.1:8000', '127.0.0.1', 'a.test', 'b.test', 'mcp.example.com']) {
    await send(
      new Request(`https://${host}/mcp`, { headers: { 'X-Forwarded-Host': 'mcp.example.com' } }),
      '192.0.2.1',
    );
  }

  expect(events.filter(({ type }) => type === 'host_differs')).toHaveLength(1);
});

it('CASE-24: fetchGate and honoGate report a handler that throws', async () => {
  const { events, gate } = setUp();
  await fetchGate(gate, boom)(new Request(url, init), '192.0.2.1');
  const app = new Hono<{ Variables: { auth: never; parsedBody: never } }>();
  app.use(honoGate(gate, () => '192.0.2.1'));
  app.all('/mcp', boom);
  app.onError((_error, context) => context.text('failed', 503));
  await app.request(url, init);

  const failed = { type: 'handler_failed', error: 'Error', code: 'SQLITE_BUSY' };
  expect(events).toEqual([failed, failed]);
});

it('CASE-24: expressGate and fastifyGate report a handler that throws', async () => {
  const { events, gate } = setUp();
  const app = express();
  app.use(expressGate(gate));
  app.all('/mcp', boom);
  app.use(((_error, _request, response, _next) => {
    response.status(500).end();
  }) as express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, init);
  server.closeAllConnections();
  server.close();
  const second = fastify();
  await second.register(fastifyGate(gate));
  second.all('/mcp', async () => boom());
  await second.listen({ port: 0, host: '127.0.0.1' });
  await fetch(`http://127.0.0.1:${(second.server.address() as AddressInfo).port}/mcp`, init);
  second.server.closeAllConnections();
  await second.close();

  expect(events.filter(({ type }) => type === 'handler_failed')).toEqual([
    { type: 'handler_failed', error: 'other' },
    { type: 'handler_failed', error: 'Error', code: 'SQLITE_BUSY' },
  ]);
});

it('CASE-24: reports the classes of JavaScript and the codes of the system and of SQLite', () => {
  const events: OperationalEvent[] = [];
  const { handlerFailed } = createGateReporter((event) => events.push(event));
  const errors = [
    ...[Error, TypeError, RangeError, ReferenceError, SyntaxError, URIError, EvalError].map(
      (Class) => new Class(tokens.read),
    ),
    new AggregateError([], tokens.read),
    new DOMException(tokens.read, 'AbortError'),
    new DOMException(tokens.read, 'TimeoutError'),
  ];
  const codes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'ENOSPC', 'EMFILE'];
  for (const error of errors) handlerFailed(error);
  for (const code of [...codes, 'SQLITE_FULL']) handlerFailed({ name: 'SqliteError', code });

  expect(events).toEqual([
    ...errors.map(({ name }) => ({ type: 'handler_failed', error: name })),
    ...[...codes, 'SQLITE_FULL'].map((code) => ({
      type: 'handler_failed',
      error: 'SqliteError',
      code,
    })),
  ]);
});

it('reports that a body parser ran before the gate', async () => {
  const { events, gate } = setUp();
  await gate.handle({
    method: 'POST',
    target: '/mcp',
    host: 'mcp.example.com',
    field: (name) => (name === 'authorization' ? [init.headers.Authorization] : []),
    clientAddress: '192.0.2.1',
    signal: new AbortController().signal,
    readJson: async () => ({ ok: false, fault: 'body_consumed' }),
  });

  expect(events).toEqual([{ type: 'body_consumed', advice: expect.stringContaining('parser') }]);
});

it('CASE-24: reports no text of an error, and survives hostile ones', () => {
  const events: OperationalEvent[] = [];
  const { handlerFailed } = createGateReporter((event) => events.push(event));
  const hostile = {
    get name() {
      throw new Error('no');
    },
  };
  for (const error of [{ name: tokens.read, code: tokens.read }, null, 'text', hostile]) {
    handlerFailed(error);
  }

  expect(events).toEqual(Array(4).fill({ type: 'handler_failed', error: 'other' }));
});
