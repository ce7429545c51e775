import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { AuthError } from '@sallyport/core';
import { expect, it } from 'vitest';
import { fetchGate } from '../../src/fetch.ts';
import { answerOnFetch } from '../example-server.ts';
import { createTestGate, createTestGuard, principal, tokens, toolCall } from '../fixture.ts';
import { describeHost, type StartedHost } from './host-behaviour.ts';

async function listen(answer: (request: Request) => Promise<Response>): Promise<StartedHost> {
  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
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

describeHost(
  'fetchGate',
  (gate, report) => {
    const gated = fetchGate(gate, (request, { authInfo, parsedBody }) => {
      const headers = Object.fromEntries(request.headers);
      report({
        auth: authInfo,
        headers,
        rawHeaders: [...request.headers].flat(),
        body: parsedBody,
      });
      return answerOnFetch(request, parsedBody);
    });
    return listen((request) => gated(request, '203.0.113.7'));
  },
  'urls',
);

const post = (body: string, init: RequestInit = {}) =>
  new Request('https://mcp.example.com/mcp', {
    method: 'POST',
    headers: { Authorization: `Bearer ${tokens.read}` },
    body,
    ...init,
  });

it.each([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('answers 503, never 500, when the handler %s', async (_name, handler) => {
  const gated = fetchGate(createTestGate(), handler);
  const origin = 'https://inspector.example.com';
  const headers = { Authorization: `Bearer ${tokens.read}`, Origin: origin };
  const response = await gated(post(JSON.stringify(toolCall('list')), { headers }), '203.0.113.7');

  expect(response.status).toBe(503);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin);
  expect(await response.text()).not.toContain('boom');
});

it('adds its headers to an answer that cannot be changed', async () => {
  const gated = fetchGate(createTestGate(), () =>
    Response.redirect('https://mcp.example.com/x', 302),
  );
  const request = post(JSON.stringify(toolCall('list')), {
    headers: {
      Authorization: `Bearer ${tokens.read}`,
      Origin: 'https://inspector.example.com',
    },
  });
  const response = await gated(request, '203.0.113.7');

  expect(response.status).toBe(302);
  expect(response.headers.get('Vary')).toBe('Origin');
});

it('hands on the signal of the client', async () => {
  const abort = new AbortController();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const gated = fetchGate(createTestGate(), ({ signal }) => {
    signal.addEventListener('abort', () => resolve());
    return new Response('reached');
  });
  const body = JSON.stringify(toolCall('list'));
  await gated(post(body, { signal: abort.signal }), '203.0.113.7');
  abort.abort();

  await gone;
});

it('survives a stream that fails before its token does (MCP-06)', async () => {
  const verdicts = [true];
  const guard = createTestGuard({
    verify: async () => {
      if (verdicts.shift()) return principal;
      throw new AuthError('token_inactive');
    },
  });
  const gated = fetchGate(createTestGate({ guard, streamCheckSeconds: 1 }), () => {
    return new Response(
      new ReadableStream({ pull: () => Promise.reject(new Error('upstream has gone')) }),
    );
  });
  const headers = { Authorization: `Bearer ${tokens.read}` };
  const response = await gated(new Request('https://mcp.example.com/mcp', { headers }), '::1');

  await expect(response.text()).rejects.toThrow('upstream has gone');
  // Whatever still looks at the token now would fail outside of every request.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
});

it('keeps what an answer varies by', async () => {
  const gated = fetchGate(
    createTestGate(),
    () => new Response(null, { headers: { Vary: 'Accept-Encoding' } }),
  );
  const headers = {
    Authorization: `Bearer ${tokens.read}`,
    Origin: 'https://inspector.example.com',
  };
  const response = await gated(post(JSON.stringify(toolCall('list')), { headers }), '203.0.113.7');

  expect(response.headers.get('Vary')).toBe('Accept-Encoding, Origin');
});

it.each(['evil.test', 'mcp.example.com, mcp.example.com', 'mcp.example.com:444', ''])(
  'CASE-11: refuses the Host %j with a URL of another host',
  async (host) => {
    const gated = fetchGate(createTestGate(), () => new Response('reached'));
    const headers = { Authorization: `Bearer ${tokens.read}`, Host: host };

    expect((await gated(post('{}', { headers }), '203.0.113.7')).status).toBe(400);
  },
);

it.each([
  ['http://localhost:3000/mcp?a=b', 'mcp.example.com', 'http://mcp.example.com/mcp?a=b'],
  ['http://0.0.0.0:3000/mcp', 'MCP.example.com:8443', 'http://mcp.example.com:8443/mcp'],
  ['https://pod-7:3000/mcp', 'mcp.example.com:443', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp', 'mcp.example.com', 'https://mcp.example.com/mcp'],
])(
  'CASE-11: of the URL %s and the public Host %s, the handler gets %s',
  async (url, host, seen) => {
    const gated = fetchGate(createTestGate(), (request) => new Response(request.url));
    const headers = { Authorization: `Bearer ${tokens.read}`, Host: host };
    const response = await gated(new Request(url, { headers }), '203.0.113.7');

    expect([response.status, await response.text()]).toEqual([200, seen]);
  },
);

it.each([
  ['http://localhost:3000/mcp', 'evil.test'],
  ['http://localhost:3000/mcp', 'mcp.example.com.evil.test'],
  ['http://localhost:3000/mcp', 'mcp.example.com:99999'],
  ['http://localhost:3000/mcp', 'mcp.example.com@evil.test'],
  ['http://localhost:3000/mcp', 'mcp.example.com, evil.test'],
  ['http://mcp.example.com/mcp', 'localhost:3000'],
  ['http://evil.test/mcp', 'localhost:3000'],
])('CASE-11: refuses the URL %s with the Host %s', async (url, host) => {
  const gated = fetchGate(createTestGate(), () => new Response('reached'));
  const headers = { Authorization: `Bearer ${tokens.read}`, Host: host };

  expect((await gated(new Request(url, { headers }), '203.0.113.7')).status).toBe(400);
});
