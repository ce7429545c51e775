/** Whom each host counts failures against, over real sockets. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEvent } from '@sallyport/core';
import express from 'express';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { fetchGate } from '../../src/fetch.ts';
import { type HostOptions, nodeGate } from '../../src/node.ts';
import { createTestGate } from '../fixture.ts';
import { sendRaw } from '../raw-http.ts';

type Events = AuditEvent[];

async function askServer(
  server: ReturnType<typeof createServer>,
  fields: readonly string[],
): Promise<void> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await sendRaw(`http://127.0.0.1:${port}`, ['GET /mcp HTTP/1.1', ...fields]);
  await new Promise((resolve) => server.close(resolve));
}

const hosts: Record<
  string,
  (events: Events, fields: readonly string[], options?: HostOptions) => Promise<void>
> = {
  nodeGate: (events, fields, options) =>
    askServer(createServer(nodeGate(createTestGate({}, events), () => {}, options)), fields),

  expressGate(events, fields, options) {
    const app = express();
    app.set('trust proxy', true);
    app.use(expressGate(createTestGate({}, events), options));
    return askServer(createServer(app), fields);
  },

  async fastifyGate(events, fields, options) {
    const app = fastify({ trustProxy: true });
    await app.register(fastifyGate(createTestGate({}, events), options));
    app.all('/*', async () => 'reached');
    await app.listen({ port: 0, host: '127.0.0.1' });
    await askServer(app.server, fields);
  },
};

async function clientOf(host: string, fields: readonly string[], options?: HostOptions) {
  const events: Events = [];
  await hosts[host]?.(events, fields, options);
  return events.map(({ clientKey }) => clientKey);
}

const forged = ['X-Forwarded-For: 198.51.100.9', 'x-forwarded-for: 2001:db8:1:2::3, 192.0.2.1'];

it.each(Object.keys(hosts))('%s believes no proxy unless told to (RL-01)', async (host) => {
  expect(await clientOf(host, [...forged, 'Forwarded: for=192.0.2.7'])).toEqual(['127.0.0.1']);
});

it.each(Object.keys(hosts))('%s believes as many proxies as there are (RL-01)', async (host) => {
  expect(await clientOf(host, forged, { trustedProxyHops: 1 })).toEqual(['192.0.2.1']);
  expect(await clientOf(host, forged, { trustedProxyHops: 2 })).toEqual(['2001:db8:1:2::/64']);
  expect(await clientOf(host, forged, { trustedProxyHops: 4 })).toEqual(['127.0.0.1']);
  expect(
    await clientOf(host, ['Forwarded: for=192.0.2.7', 'Forwarded: for="[2001:db8::1]:4711"'], {
      trustedProxyHops: 1,
    }),
  ).toEqual(['2001:db8::/64']);
});

it.each([
  ['2001:db8:1:2::3', '2001:db8:1:2::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
  ['unknown', 'unknown'],
])('fetchGate counts %s as %s (RL-03)', async (address, expected) => {
  const events: Events = [];
  const gated = fetchGate(createTestGate({}, events), () => new Response('reached'));
  await gated(new Request('https://mcp.example.com/mcp'), address);

  expect(events.map(({ clientKey }) => clientKey)).toEqual([expected]);
});

it.each([-1, 1.5, 51, Number.NaN, '1' as unknown as number])(
  'refuses to be put together with %s proxies',
  (trustedProxyHops) => {
    const gate = createTestGate();
    const message = Number.isFinite(trustedProxyHops)
      ? 'gate.trustedProxyHops: must be a whole number from 0 to 50'
      : 'gate.trustedProxyHops: must be a number';

    expect(() => nodeGate(gate, () => {}, { trustedProxyHops })).toThrow(message);
    expect(() => expressGate(gate, { trustedProxyHops })).toThrow(message);
    expect(() => fastifyGate(gate, { trustedProxyHops })).toThrow(message);
  },
);
