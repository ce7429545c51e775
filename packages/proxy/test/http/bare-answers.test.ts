/** Answers of which the client gets the status alone (MCP-20). What the upstream still sends is dropped. */
import type { ServerResponse } from 'node:http';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { expect, it, onTestFinished } from 'vitest';
import { createTestGate, ping, post, startProxy } from '../fixture.ts';
import { answerJson, startRecordingUpstream } from '../recording-upstream.ts';

const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };

/** @param after What the upstream does once the client of a notification has its answer. */
async function notify(
  begin: (response: ServerResponse) => void,
  after: (held: ServerResponse) => void,
) {
  let held: ServerResponse | undefined;
  let connections = 0;
  const upstream = await startRecordingUpstream((response, request) => {
    if (request.body.includes('ping')) return answerJson(response, request);
    held = response;
    begin(response);
  });
  upstream.server.on('connection', () => {
    connections += 1;
  });
  const proxy = await startProxy({ url: upstream.url });
  onTestFinished(async () => {
    await proxy.stop();
    await upstream.stop();
  });
  const handled = Promise.withResolvers<void>();
  const gated = nodeGate(createTestGate(), async (request, response, body) => {
    response.once('close', () => held && after(held));
    await proxy.upstream.handle(request, response, body);
    handled.resolve();
  });
  proxy.server.removeAllListeners('request');
  proxy.server.on('request', gated);
  const { status } = await post(proxy.url, notification);
  await handled.promise;
  return { status, proxy, countConnections: () => connections };
}

it('leaves the connection of an answer that ends later to the next request', async () => {
  const { status, proxy, countConnections } = await notify(
    (response) => response.writeHead(202).flushHeaders(),
    (held) => held.end('late'),
  );

  expect((await post(proxy.url, ping)).status).toBe(200);
  expect([status, countConnections()]).toEqual([202, 1]);
});

it('MCP-20: is no outage when the upstream dies after the head', async () => {
  const { status, proxy } = await notify(
    (response) => response.writeHead(202, { 'Content-Length': 10 }).write('abc'),
    (held) => held.destroy(),
  );

  expect(status).toBe(202);
  expect(proxy.events.map(({ type }) => type)).not.toContain('upstream_unavailable');
});
