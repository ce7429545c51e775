import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { fastifyGate } from '../../src/fastify.ts';
import type { AuthInfo } from '../../src/index.ts';
import type { GatedRequest } from '../../src/node.ts';
import { answerOnNode } from '../example-server.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';
import { describeHost, type StartedHost } from './host-behaviour.ts';

async function listen(app: ReturnType<typeof fastify>): Promise<StartedHost> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

describeHost('fastifyGate', async (gate, report) => {
  const app = fastify();
  await app.register(fastifyGate(gate));
  app.all('/*', async (request, reply) => {
    const { auth, headers, rawHeaders } = request.raw as GatedRequest;
    report({ auth: auth as AuthInfo | undefined, headers, rawHeaders, body: request.body });
    reply.hijack();
    answerOnNode(request.raw, reply.raw, request.body);
  });
  return listen(app);
});

it('keeps to the routes of the instance that it is registered with', async () => {
  const app = fastify();
  await app.register(async (mcp) => {
    await mcp.register(fastifyGate(createTestGate()));
    mcp.all('/mcp', async (request) => request.body);
  });
  app.post('/echo', async (request) => request.body);
  const host = await listen(app);
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokens.read}` },
    body: JSON.stringify(toolCall('list')),
  };
  const gated = await fetch(`${host.url}/mcp`, init);
  const open = await fetch(`${host.url}/echo`, {
    ...init,
    headers: { 'Content-Type': 'application/json' },
  });
  const stranger = await fetch(`${host.url}/mcp`, { method: 'POST' });

  expect([gated.status, open.status, stranger.status]).toEqual([200, 200, 401]);
  expect(await gated.json()).toEqual(toolCall('list'));
  expect(await open.json()).toEqual(toolCall('list'));
  await host.close();
});

it('guards addresses without a route, where they have a handler', async () => {
  const app = fastify();
  await app.register(fastifyGate(createTestGate()));
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send('none'));
  const host = await listen(app);

  expect((await fetch(`${host.url}/nothing`)).status).toBe(401);
  await host.close();
});
