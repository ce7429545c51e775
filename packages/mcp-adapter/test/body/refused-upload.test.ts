import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { AuthError } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestGate, createTestGuard, tokens } from '../fixture.ts';
import { hosts, http2Hosts, type RunningHost } from '../node-hosts.ts';

const body = Buffer.alloc(4_200_000, ' ');
// Each way of sending twice, with and without a token.
const times = 12;
const good = `Bearer ${tokens.read}`;

type Send = (url: string, headers: Record<string, string>, chunked: boolean) => Promise<number>;

const clients: Readonly<Record<string, Send>> = {
  async fetch(url, headers, chunked) {
    const stream = chunked ? { body: new Blob([body]).stream(), duplex: 'half' } : { body };
    const init = { method: 'POST', headers, ...stream } as RequestInit;
    const response = await fetch(`${url}/mcp`, init);
    await response.text();
    return response.status;
  },
  async 'node:http'(url, headers, chunked) {
    const length = chunked ? {} : { 'Content-Length': String(body.length) };
    const request = httpRequest(`${url}/mcp`, {
      method: 'POST',
      headers: { ...headers, ...length },
      agent: false,
    });
    request.end(body);
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  },
  async 'a raw socket'(url, headers, chunked) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
    socket.write(`POST /mcp HTTP/1.1\r\nHost: a\r\n${fields.join('')}${framing}\r\n\r\n`);
    if (chunked) socket.write(`${body.length.toString(16)}\r\n`);
    socket.write(body);
    if (chunked) socket.write('\r\n0\r\n\r\n');
    let received = '';
    // The client reads only after it has sent everything.
    await once(socket, 'drain');
    for await (const chunk of socket) received += chunk;
    return Number(received.split(' ')[1]);
  },
};

describe.each(Object.entries(hosts))('%s', (_name, start) => {
  let host: RunningHost;
  beforeAll(async () => {
    host = await start(createTestGate());
  });
  afterAll(() => host.close());

  it.each(Object.entries(clients))(
    `CASE-73: ${times} uploads of 4.2 MB by %s all see their refusal`,
    async (_client, send) => {
      const seen: number[] = [];
      for (let index = 0; index < times; index += 1) {
        const withToken = index % 2 === 0;
        const chunked = index % 3 === 0;
        const status = await send(host.url, withToken ? { Authorization: good } : {}, chunked);
        if (status === (withToken ? 413 : 401)) seen.push(status);
      }

      expect(seen).toHaveLength(times);
    },
    60_000,
  );

  it('CASE-73: no socket stays open after refused uploads', async () => {
    const { server } = host;
    await clients['a raw socket']?.(host.url, {}, false);
    await expect
      .poll(
        () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
      )
      .toBeLessThanOrEqual(1);
  });
});

it.each<[number, Record<string, string>]>([
  [400, { Authorization: 'Bearer' }],
  [401, { Authorization: 'Bearer unknown' }],
  [403, { Authorization: good, Origin: 'https://evil.test' }],
  [405, { Authorization: good }],
  [503, { Authorization: good }],
])(
  'CASE-73: an upload of 4.2 MB that is refused with %i sees that status',
  async (status, headers) => {
    const verify = async () => {
      throw new AuthError(status === 503 ? 'upstream_unavailable' : 'token_inactive');
    };
    const gate = createTestGate({ guard: createTestGuard({ verify }) });
    const host = await (hosts['node'] as (typeof hosts)[string])(gate);
    const method = status === 405 ? 'PUT' : 'POST';
    const response = await fetch(`${host.url}/mcp`, { method, headers, body });
    await host.close();

    expect(response.status).toBe(status);
  },
);

it('CASE-73: a client that sends without end is cut off after 16 MiB', async () => {
  const host = await (hosts['node'] as (typeof hosts)[string])(createTestGate());
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1').on('error', () => {});
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write('POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n');
  while (!socket.destroyed) {
    if (!socket.write(body)) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
    }
  }
  await host.close();

  expect(received).toContain('401 Unauthorized');
  expect(socket.bytesWritten).toBeLessThan(100_000_000);
});

describe.each(Object.entries(http2Hosts))('%s on HTTP/2', (name, start) => {
  it.each([
    ['without a token', {}, 401],
    ['with a good one', { authorization: good }, 413],
  ])('CASE-73: uploads of 4.2 MB %s see their refusal', async (_which, headers, status) => {
    const host = await start(createTestGate());
    let session = connectHttp2(host.url);
    for (let index = 0; index < 10; index += 1) {
      const stream = session.request({
        ':path': '/mcp',
        ':method': 'POST',
        'content-length': body.length,
        ...headers,
      });
      stream.end(body);
      const [answer] = await once(stream, 'response');
      stream.resume();
      expect(answer[':status']).toBe(status);
      if (name === 'node') {
        await once(stream, 'close');
        expect(stream.rstCode).toBe(0);
      } else {
        // Hono's own server resets the stream, and the client keeps what it could not send.
        session.destroy();
        session = connectHttp2(host.url);
      }
    }
    session.destroy();
    await host.close();
  });
});
