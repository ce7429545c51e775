/** Functions of the application that fail, or return something else than they promise. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { AuditEvent } from '@sallyport/core';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchGate } from '../../src/fetch.ts';
import { honoGate } from '../../src/hono.ts';
import { createTestGate, createTestGuard, tokens, toolCall } from '../fixture.ts';
import { hosts } from '../node-hosts.ts';

function setUp() {
  const audit: AuditEvent[] = [];
  const events: string[] = [];
  const gate = createTestGate({
    guard: createTestGuard({ events: audit }),
    onEvent: ({ type }) => events.push(type),
  });
  const invalid = () => events.filter((type) => type === 'client_address_invalid').length;
  return { gate, audit, invalid };
}

const call = (token: string = tokens.read): RequestInit => ({
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body: JSON.stringify(toolCall('list')),
});

const wrongAddresses: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['an object', () => ({ remote: { address: '192.0.2.1' } })],
  ['a list', () => ['192.0.2.1']],
  ['an empty text', () => ''],
  ['a text of 1 MB', () => 'x'.repeat(1_000_000)],
  ['a promise', () => Promise.resolve('192.0.2.1')],
  ['a promise that rejects', () => Promise.reject(new Error('no address'))],
  [
    'an error',
    () => {
      throw new Error('no address');
    },
  ],
];

describe('the address of a client', () => {
  it.each(wrongAddresses)(
    'OPS-05: honoGate counts the connection in place of %s',
    async (_, find) => {
      const { gate, audit, invalid } = setUp();
      const app = new Hono();
      app.use(honoGate(gate, find as () => string) as never);
      app.all('/mcp', (context) => context.text('reached'));
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
      const statuses = [(await fetch(url, call())).status, (await fetch(url, call('bad'))).status];
      server.closeAllConnections();

      expect(statuses).toEqual([200, 401]);
      expect(new Set(audit.map(({ clientKey }) => clientKey ?? '127.0.0.1'))).toEqual(
        new Set(['127.0.0.1']),
      );
      expect(audit[0]?.clientKey).toBe('127.0.0.1');
      expect(invalid()).toBe(1);
    },
  );

  it.each(wrongAddresses.filter(([name]) => name !== 'an error'))(
    'OPS-05: fetchGate counts all clients together in place of %s',
    async (_name, find) => {
      const { gate, audit, invalid } = setUp();
      const gated = fetchGate(gate, () => new Response('reached'));
      const send = async (init: RequestInit) =>
        (await gated(new Request('https://mcp.example.com/mcp', init), find() as string)).status;

      expect([await send(call()), await send(call('bad'))]).toEqual([200, 401]);
      expect(audit[0]?.clientKey).toBe('unknown');
      expect(invalid()).toBe(1);
    },
  );

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2::3', '2001:db8:1:2::/64'],
    ['the-name-of-a-client', 'the-name-of-a-client'],
  ])('is %s as the application says, and counts as %s', async (address, clientKey) => {
    const { gate, audit, invalid } = setUp();
    const gated = fetchGate(gate, () => new Response('reached'));
    await gated(new Request('https://mcp.example.com/mcp', call()), address);

    expect(audit[0]?.clientKey).toBe(clientKey);
    expect(invalid()).toBe(0);
  });
});

describe('a function that chooses scopes', () => {
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['a text', () => 'notes:read'],
    ['an object', () => ({ every: () => true })],
    ['a scope that was not declared', () => ['notes:other']],
    ['no text', () => [7]],
    ['a promise', () => Promise.resolve([])],
    ['a promise that rejects', () => Promise.reject(new Error('no scopes'))],
    [
      'an error',
      () => {
        throw new Error('no scopes');
      },
    ],
  ])('asks for every scope of its rule where it returns %s', async (_what, choose) => {
    const scopes = ['notes:read', 'notes:write'];
    const gate = createTestGate({ scopes: { tools: { list: { scopes, choose } } } as never });
    const gated = fetchGate(gate, () => new Response('reached'));
    const send = async (token: string) => {
      const request = new Request('https://mcp.example.com/mcp', call(token));
      return (await gated(request, '192.0.2.1')).status;
    };

    expect([await send(tokens.read), await send(tokens.write)]).toEqual([403, 200]);
  });
});

describe('a guard that rejects', () => {
  const failing = () => {
    const events: string[] = [];
    const guard = {
      ...createTestGuard(),
      authenticate: () => Promise.reject(new TypeError(`about ${tokens.read}`)),
    };
    return {
      events,
      gate: createTestGate({ guard, onEvent: (event) => events.push(JSON.stringify(event)) }),
    };
  };
  const reported = (events: readonly string[]) =>
    events.filter((event) => event.includes('gate_failed'));
  const expected = ['{"type":"gate_failed","error":"TypeError"}'];

  it.each(Object.entries(hosts))('is 503 on %s, and reported', async (_name, start) => {
    const { gate, events } = failing();
    const host = await start(gate);
    const response = await fetch(`${host.url}/mcp`, call());
    await host.close();

    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('5');
    expect(reported(events)).toEqual(expected);
  });

  it('is 503 with fetchGate, and reported', async () => {
    const { gate, events } = failing();
    const gated = fetchGate(gate, () => new Response('reached'));
    const response = await gated(new Request('https://mcp.example.com/mcp', call()), '192.0.2.1');

    expect(response.status).toBe(503);
    expect(reported(events)).toEqual(expected);
  });
});
