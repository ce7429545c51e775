import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  sensitiveHeaders as http2Sensitive,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { AuthError, type Principal } from '@sallyport/core';
import { expect, it } from 'vitest';
import type { McpGate } from '../../src/index.ts';
import { nodeGate } from '../../src/node.ts';
import { answerOnNode } from '../example-server.ts';
import { createTestGate, createTestGuard, issuer, resource, tokens, toolCall } from '../fixture.ts';
import { sendRaw } from '../raw-http.ts';
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
    nodeGate(gate, (request, response, body) => {
      const { auth, headers, rawHeaders } = request;
      report({ auth, headers, rawHeaders, body });
      answerOnNode(request, response, body);
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

it('MCP-06: counts no stream of a request whose body cannot be replaced', async () => {
  const gated = nodeGate(createTestGate({ maximumStreamsPerCaller: 1 }), () => {});
  const host = await listen((request, response) => {
    Object.defineProperty(request, 'body', { get: () => ({}) });
    return gated(request, response);
  });
  for (let round = 0; round < 3; round += 1) {
    const answer = await sendRaw(host.url, [
      'GET /mcp HTTP/1.1',
      `Authorization: Bearer ${tokens.read}`,
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  }
  await host.close();
});

it('ends the connection of a refused upload that is still to come (MCP-12)', async () => {
  const host = await listen(nodeGate(createTestGate(), () => {}));
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.write('POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n{');
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
  });
  await once(socket, 'close');

  expect(received).toContain('401 Unauthorized');
  await host.close();
});

it('tells the gate when the client has gone', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<boolean>();
  const abort = new AbortController();
  const gate: McpGate = {
    ...createTestGate(),
    handle: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          resolve(signal.aborted);
          reject(new Error('gone'));
        });
        abort.abort();
      }),
  };
  const host = await listen(nodeGate(gate, () => {}));
  const request = fetch(host.url, { signal: abort.signal });

  await expect(request).rejects.toThrow();
  expect(await gone).toBe(true);
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

/** A gate that is asked, and goes on with the request once the test lets it. */
function createSlowGate() {
  const asked = Promise.withResolvers<AbortSignal>();
  const released = Promise.withResolvers<void>();
  const fast = createTestGate();
  const gate: McpGate = {
    ...fast,
    async handle(request) {
      asked.resolve(request.signal);
      await released.promise;
      return fast.handle(request);
    },
  };
  return { gate, asked: asked.promise, release: released.resolve };
}

const call = (length: number) =>
  `POST /mcp HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${tokens.read}\r\nContent-Length: ${length}\r\n\r\n`;

it.each(['', '{"jsonrpc"'])(
  'does not wait for the body of a client that has gone (HDR-14): after %j of it',
  async (part) => {
    const { gate, asked, release } = createSlowGate();
    const ended = Promise.withResolvers<void>();
    const gated = nodeGate(gate, () => {});
    const host = await listen((request, response) => {
      gated(request, response).then(ended.resolve, ended.reject);
    });
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.write(`${call(100)}${part}`);
    const signal = await asked;
    expect(signal.aborted).toBe(false);
    socket.destroy();
    await once(signal, 'abort');
    release();

    await ended.promise;
    await host.close();
  },
);

it('does not wait either when the client goes in the middle of the body (HDR-14)', async () => {
  const ended = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<IncomingMessage>();
  const gated = nodeGate(createTestGate(), () => {});
  const host = await listen((request, response) => {
    gated(request, response).then(ended.resolve, ended.reject);
    reached.resolve(request);
  });
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.write(`${call(100)}{"jsonrpc"`);
  const request = await reached.promise;
  await expect.poll(() => request.readableFlowing, { message: 'waits for the rest' }).toBe(true);
  socket.destroy();

  await ended.promise;
  await host.close();
});

it('aborts nothing for a client that has its answer', async () => {
  const signals: AbortSignal[] = [];
  const fast = createTestGate();
  const gate: McpGate = {
    ...fast,
    handle: (request) => {
      signals.push(request.signal);
      return fast.handle(request);
    },
  };
  const host = await listen(nodeGate(gate, (_request, response) => void response.end('reached')));
  const answer = await fetch(host.url, { headers: { Authorization: `Bearer ${tokens.read}` } });
  await answer.text();
  await host.close();

  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('hides the token from every list of fields that Node makes (MCP-01)', async () => {
  let seen = '';
  const host = await listen(
    nodeGate(createTestGate(), (request, response) => {
      seen = JSON.stringify([request.headersDistinct, request.headers, request.rawHeaders]);
      response.end();
    }),
  );
  await fetch(host.url, { headers: { Authorization: `Bearer ${tokens.read}`, 'X-Other': 'seen' } });
  await host.close();

  expect(seen.toLowerCase()).not.toContain('authorization');
  expect(JSON.parse(seen)[0]).toMatchObject({ 'x-other': ['seen'] });
});

it.each([
  ['before the gate', true],
  ['behind the gate only', false],
])(
  'gives headersDistinct without the token, as Node builds it, where it is read %s',
  async (_, isReadBefore) => {
    const lists: unknown[] = [];
    const gated = nodeGate(createTestGate(), (request, response) => {
      lists.push(request.headersDistinct, { ...request.headersDistinct });
      request.headersDistinct['x-later'] = ['set'];
      lists.push(request.headersDistinct['x-later']);
      request.headersDistinct = { 'x-own': ['set'] };
      lists.push(request.headersDistinct);
      response.end();
    });
    const host = await listen((request, response) => {
      if (isReadBefore) lists.push(request.headersDistinct);
      return gated(request, response);
    });
    const fields = {
      Authorization: `Bearer ${tokens.read}`,
      ...{ 'Mcp-Session-Id': 'of nobody', 'X-Other': 'seen', Accept: 'text/plain' },
    };
    await fetch(host.url, { headers: fields });
    await host.close();

    const [first, second] = lists.splice(isReadBefore ? 1 : 0, 2);
    // What a listener in front has kept is cleaned as well.
    if (isReadBefore) expect(lists.shift()).toBe(first);
    expect(second).toMatchObject({
      'x-other': ['seen'],
      accept: ['text/plain'],
      host: [expect.any(String)],
    });
    expect(JSON.stringify(second)).not.toMatch(/authorization|mcp-session-id/i);
    expect(lists).toEqual([['set'], { 'x-own': ['set'] }]);
  },
);

it('outlives a server that writes on when its stream has ended (MCP-06)', async () => {
  const { promise: wroteOn, resolve } = Promise.withResolvers<void>();
  const verify = async (): Promise<Principal> => ({
    issuer,
    subject: 'user-1',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(),
    expiresAt: Math.floor(Date.now() / 1_000) + 1,
    claims: {},
  });
  const verdicts = [verify];
  const guard = createTestGuard({
    verify: () => {
      const [first] = verdicts.splice(0);
      if (first === undefined) throw new AuthError('token_expired');
      return first();
    },
  });
  const gate = createTestGate({ guard, streamCheckSeconds: 1 });
  const host = await listen(
    nodeGate(gate, (_request, response) => {
      const end = response.end.bind(response);
      response.end = () => {
        end();
        response.write('too late');
        resolve();
        return response;
      };
      response.writeHead(200).write('open');
    }),
  );
  const response = await fetch(host.url, { headers: { Authorization: 'Bearer any' } });

  expect(await response.text()).toBe('open');
  await wroteOn;
  await host.close();
});

it('serves HTTP/2, where the name of the host is :authority', async () => {
  const gate = createTestGate({ allowedHosts: ['localhost'] });
  const handler = nodeGate(gate, ({ auth, headers, rawHeaders }, response) => {
    response.end(JSON.stringify({ scopes: auth?.scopes, headers, rawHeaders }));
  });
  const server = createHttp2Server((request, response) =>
    handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connectHttp2(`http://localhost:${(server.address() as AddressInfo).port}`);
  const ask = async (headers: Record<string, string>) => {
    const stream = session.request({ ':path': '/mcp', ...headers });
    const [answered] = await once(stream, 'response');
    let body = '';
    for await (const chunk of stream.setEncoding('utf8')) body += chunk;
    return { status: answered[':status'], body };
  };
  const good = await ask({ authorization: `Bearer ${tokens.read}` });
  const copied = await ask({
    authorization: `Bearer ${tokens.read}`,
    cookie: `a=${tokens.read}`,
    'x-amzn-oidc-data': 'other',
    [`x-${tokens.read}`]: 'name',
    [http2Sensitive]: ['cookie', 'x-kept'],
  } as Record<string, string>);
  const without = await ask({});
  const stray = await ask({ authorization: `Bearer ${tokens.read}`, ':authority': 'evil.test' });
  const split = await ask({
    authorization: `Bearer ${tokens.read}`,
    ':authority': 'localhost',
    host: 'evil.test',
  });
  // HDR-24: any text can be a scheme.
  const inScheme = await ask({ authorization: `Bearer ${tokens.read}`, ':scheme': tokens.read });
  session.close();
  server.close();

  expect(inScheme.status).toBe(400);
  expect(good).toMatchObject({ status: 200, body: expect.stringContaining('notes:read') });
  expect(good.body).not.toMatch(/bearer/i);
  // CASE-13
  expect(copied.status).toBe(200);
  expect(copied.body).not.toMatch(/cookie|token-that|oidc/i);
  expect(without.status).toBe(401);
  expect(stray.status).toBe(403);
  // CASE-11: `host` and `:authority` differ.
  expect(split.status).toBe(400);
});

it('CASE-13: hides trailers that hold the token, also after the gate has read the body', async () => {
  const seen: unknown[] = [];
  const host = await listen(
    nodeGate(createTestGate(), async (request, response) => {
      for await (const _chunk of request);
      const { trailers, trailersDistinct, rawTrailers } = request;
      seen.push({ trailers, trailersDistinct, rawTrailers });
      response.end('reached');
    }),
  );
  const call = JSON.stringify(toolCall('list'));
  const body = `${call.length.toString(16)}\r\n${call}\r\n0\r\nX-Copy: ${tokens.read}\r\nX-${tokens.read}: name\r\nX-Kept: kept\r\n\r\n`;
  await sendRaw(
    host.url,
    [
      'POST /mcp HTTP/1.1',
      `Authorization: Bearer ${tokens.read}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ],
    body,
  );
  await host.close();

  const kept = {
    trailers: { 'x-kept': 'kept' },
    trailersDistinct: { 'x-kept': ['kept'] },
    rawTrailers: ['X-Kept', 'kept'],
  };
  expect(seen).toEqual([kept]);
});
