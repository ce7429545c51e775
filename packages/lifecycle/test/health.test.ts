import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createLifecycle, type Health } from '../src/index.ts';

it.each<[string, () => Promise<Health>, number, object]>([
  ['can do its work', async () => ({ isAvailable: true }), 200, { status: 'ok' }],
  [
    'cannot',
    async () => ({ isAvailable: false, reason: 'connection_refused' }),
    503,
    { status: 'unavailable', reason: 'connection_refused' },
  ],
  [
    'fails to say so',
    () => Promise.reject(new Error('unexpected')),
    503,
    { status: 'unavailable' },
  ],
])('MCP-20: /health of a server that %s', async (_name, checkHealth, status, body) => {
  const server = createServer();
  const lifecycle = createLifecycle(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => lifecycle.stop());
  lifecycle.serve((_request, response) => response.end(), checkHealth);
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/health`);

  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual(body);
});
