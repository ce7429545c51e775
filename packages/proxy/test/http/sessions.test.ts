/** Sessions of older revisions through the proxy: the upstream's ids, and only to their owner. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alice, bob, ping, post, startProxy, type TestProxy } from '../fixture.ts';
import {
  answerJson,
  type RecordingUpstream,
  startRecordingUpstream,
} from '../recording-upstream.ts';

let upstream: RecordingUpstream;
let proxy: TestProxy;
let sessionId: string;

beforeAll(async () => {
  upstream = await startRecordingUpstream((response, request) => {
    if (request.body.includes('initialize')) response.setHeader('Mcp-Session-Id', 'server-1');
    if (request.method === 'POST') answerJson(response, request);
    else if (request.method === 'DELETE') response.writeHead(200).end();
    else
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('id: 8\ndata: {}\n\n');
  });
  proxy = await startProxy({ url: upstream.url });
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'a', version: '1' },
  };
  const response = await post(proxy.url, { jsonrpc: '2.0', id: 1, method: 'initialize', params });
  sessionId = response.headers.get('Mcp-Session-Id') ?? '';
});
afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

const send = (method: string, token: string, headers: Record<string, string> = {}) => {
  upstream.seen.length = 0;
  return fetch(proxy.url, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'text/event-stream',
      'Mcp-Session-Id': sessionId,
      ...headers,
    },
  });
};

it('MCP-04: gives the client an id that names its owner, and the upstream its own', async () => {
  expect(sessionId).toMatch(/^server-1\.s1\./);
  upstream.seen.length = 0;
  await post(proxy.url, ping, { headers: { 'Mcp-Session-Id': sessionId } });

  expect(upstream.seen[0]?.headers['mcp-session-id']).toBe('server-1');
});

it('resumes a stream after the last event', async () => {
  const response = await send('GET', alice, { 'Last-Event-ID': '7' });

  expect(await response.text()).toBe('id: 8\ndata: {}\n\n');
  expect(upstream.seen[0]?.headers).toMatchObject({
    'mcp-session-id': 'server-1',
    'last-event-id': '7',
  });
});

it.each(['GET', 'DELETE'])(
  'MCP-04: %s with the session of somebody else never reaches the upstream',
  async (method) => {
    expect((await send(method, bob, { 'Last-Event-ID': '7' })).status).toBe(404);
    expect(upstream.seen).toEqual([]);
  },
);

it('ends a session', async () => {
  expect((await send('DELETE', alice)).status).toBe(200);
  expect(upstream.seen[0]).toMatchObject({
    method: 'DELETE',
    headers: { 'mcp-session-id': 'server-1' },
  });
});
