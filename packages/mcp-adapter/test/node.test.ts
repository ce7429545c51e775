import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { nodeGate } from '../src/node.ts';
import { createTestGate, tokens } from './fixture.ts';
import { describeHost, type StartedHost } from './host-behaviour.ts';

async function listen(listener: RequestListener): Promise<StartedHost> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describeHost('nodeGate', (gate, report) =>
  listen(
    nodeGate(gate, ({ auth, headers, rawHeaders }, response, body) => {
      report({ auth, headers, rawHeaders, body });
      response.end('reached');
    }),
  ),
);

it.each([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('answers 503, never 500, when the handler %s', async (_name, handler) => {
  const host = await listen(nodeGate(createTestGate(), handler));
  const response = await fetch(host.url, { headers: { Authorization: `Bearer ${tokens.read}` } });

  expect(response.status).toBe(503);
  expect(response.headers.get('Retry-After')).toBe('5');
  expect(await response.text()).not.toContain('boom');
  await host.close();
});

it('cuts the connection when the handler fails in the middle of its answer', async () => {
  const host = await listen(
    nodeGate(createTestGate(), (_request, response) => {
      response.writeHead(200).write('half');
      throw new Error('boom');
    }),
  );
  const headers = { Authorization: `Bearer ${tokens.read}` };

  await expect(fetch(host.url, { headers }).then((response) => response.text())).rejects.toThrow();
  await host.close();
});
