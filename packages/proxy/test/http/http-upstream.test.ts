/** An upstream that is slow, dead, wrong or busy, and what its client sees (MCP-20). */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpUpstream, type HttpUpstreamOptions } from '../../src/index.ts';
import {
  alice,
  bob,
  call,
  listen,
  ping,
  post,
  startProxy,
  stopServer,
  type TestProxy,
} from '../fixture.ts';
import {
  answerJson,
  type RecordingUpstream,
  startRecordingUpstream,
} from '../recording-upstream.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function setUp(
  answer: RecordingUpstream['answer'] = answerJson,
  options: Partial<HttpUpstreamOptions> = {},
): Promise<{ upstream: RecordingUpstream; proxy: TestProxy }> {
  const upstream = await startRecordingUpstream(answer);
  stops.push(() => upstream.stop());
  const proxy = await startProxy({ url: upstream.url, ...options });
  stops.push(() => proxy.stop());
  return { upstream, proxy };
}

const get = (url: URL, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(url, {
    headers: { Authorization: `Bearer ${alice}`, Accept: 'text/event-stream', ...headers },
    ...(signal !== undefined && { signal }),
  });
const faults = ({ events }: TestProxy) =>
  events.filter(({ type }) => type === 'upstream_unavailable');

describe('a refusal', () => {
  it.each([
    [301, 'redirect'],
    [302, 'redirect'],
    [307, 'redirect'],
    [401, 'credentials_refused'],
    [403, 'credentials_refused'],
    [407, 'credentials_refused'],
    [402, 'status'],
    [418, 'status'],
    [421, 'status'],
    [451, 'status'],
    [500, 'status'],
    [502, 'status'],
    [504, 'status'],
    [599, 'status'],
  ])(
    'MCP-20: %d of the upstream is 503 for the client, and an event for the operator',
    async (status, reason) => {
      const { proxy } = await setUp((response) => {
        response.writeHead(status, {
          Location: 'http://127.0.0.1:1/',
          'WWW-Authenticate': 'Bearer realm="upstream"',
          'Content-Type': 'application/json',
        });
        response.end('{"error":"upstream-detail"}');
      });
      const response = await post(proxy.url, ping);

      expect(response.status).toBe(503);
      expect(response.headers.get('Retry-After')).toBe('5');
      expect(response.headers.has('WWW-Authenticate')).toBe(false);
      expect(await response.text()).not.toContain('upstream');
      expect(faults(proxy)).toMatchObject([{ reason, status, count: 1 }]);
    },
  );

  it.each([400, 404, 405, 406, 409, 410, 415, 422, 429])(
    'MCP-20: %d of an MCP server passes as it is',
    async (status) => {
      const body = '{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Session not found"}}';
      const { proxy } = await setUp((response) => {
        response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '7' });
        response.end(body);
      });
      const response = await post(proxy.url, ping);

      expect([response.status, await response.text()]).toEqual([status, body]);
      expect(faults(proxy)).toEqual([]);
    },
  );

  it.each<[string, string, string | Buffer, number]>([
    ['no body', 'application/json', '', 404],
    ['a byte order mark', 'application/json', '\ufeff{}', 404],
    ['broken JSON', 'application/json', '{"a"', 503],
    ['JSON that is not UTF-8', 'application/json', Buffer.from('{"a":"\xff"}', 'latin1'), 503],
    ['text that is not UTF-8', 'text/plain', Buffer.of(0xff), 503],
    ['XML', 'application/xml', '<a/>', 503],
  ])('MCP-20: with %s as %s is answered accordingly', async (_name, type, body, status) => {
    const { proxy } = await setUp((response) =>
      response.writeHead(404, { 'Content-Type': type }).end(body),
    );
    const response = await post(proxy.url, ping);

    expect(response.status).toBe(status);
    if (status === 404) {
      expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(body as string));
    } else expect(faults(proxy)).toMatchObject([{ reason: 'body' }]);
  });

  it.each([200, 404])('MCP-20: %d in an encoding that nobody asked for is 503', async (status) => {
    const { proxy } = await setUp((response) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
        .end('{}'),
    );

    expect((await post(proxy.url, ping)).status).toBe(503);
    expect(faults(proxy)).toMatchObject([{ reason: 'content_encoding', status }]);
  });

  it('MCP-20: plain text passes, and a page does not', async () => {
    const { proxy, upstream } = await setUp((response) =>
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('session not found'),
    );
    expect((await post(proxy.url, ping)).status).toBe(404);
    upstream.answer = (response) =>
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not found</h1>');

    expect((await post(proxy.url, ping)).status).toBe(503);
    expect((await get(proxy.url)).status).toBe(405);
  });

  it('MCP-20: Retry-After of the upstream passes, up to an hour', async () => {
    let wait = '9999';
    const { proxy } = await setUp((response) =>
      response.writeHead(503, { 'Retry-After': wait }).end(),
    );
    const waitOf = async () => (await post(proxy.url, ping)).headers.get('Retry-After');

    expect(await waitOf()).toBe('3600');
    wait = '30';
    expect(await waitOf()).toBe('30');
    wait = '0';
    expect(await waitOf()).toBe('1');
    wait = 'Wed, 21 Oct 2026 07:28:00 GMT';
    expect(await waitOf()).toBe('5');
  });
});

describe('a success without an answer', () => {
  it.each([202, 204, 200, 201])('MCP-20: %d to a request is 503', async (status) => {
    const { proxy } = await setUp((response) => response.writeHead(status).end());

    expect((await post(proxy.url, ping)).status).toBe(503);
  });

  it.each([
    [202, undefined],
    [204, undefined],
    [200, 'text/plain'],
    [200, 'application/json'],
    [202, 'text/html'],
  ])('%d %s to a notification is 202 without a body', async (status, type) => {
    const { proxy } = await setUp((response) =>
      response
        .writeHead(status, type === undefined ? {} : { 'Content-Type': type })
        .end(status === 204 ? undefined : 'null'),
    );
    const response = await post(proxy.url, {
      jsonrpc: '2.0',
      method: 'notifications/initialized',
    });

    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(response.headers.has('Content-Type')).toBe(false);
  });

  it('a notification whose answer has an endless body is answered, and the body is cut off', async () => {
    let written = 0;
    const ended = Promise.withResolvers<void>();
    const { proxy } = await setUp((response) => {
      response.writeHead(202).on('close', () => ended.resolve());
      const chunk = Buffer.alloc(65_536);
      const fill = () => {
        do written += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', fill);
      fill();
    });
    const { status } = await post(proxy.url, { jsonrpc: '2.0', method: 'notifications/a' });
    await ended.promise;

    expect(status).toBe(202);
    expect(faults(proxy)).toEqual([]);
    // What the sockets hold. A second of such a stream would be some hundred times as much.
    expect(written).toBeLessThan(10_000_000);
  });

  it.each([200, 202, 204])('%d to a DELETE passes without a body', async (status) => {
    const { proxy, upstream } = await setUp((response) =>
      response
        .writeHead(status, { 'Content-Type': 'text/plain' })
        .end(status === 204 ? undefined : 'OK'),
    );
    const response = await fetch(proxy.url, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${alice}` },
    });

    expect([response.status, await response.text()]).toEqual([status, '']);
    expect(upstream.seen.map(({ method }) => method)).toEqual(['DELETE']);
  });
});

describe('an upstream that is not there', () => {
  it('MCP-20: is 503 and an event, and answers again when it is back', async () => {
    let time = 0;
    const now = () => time;
    const { proxy, upstream } = await setUp(answerJson, { now });
    const { port } = new URL(upstream.url);
    expect((await post(proxy.url, ping)).status).toBe(200);
    await stopServer(upstream.server);
    const responses = await Promise.all([1, 2, 3].map(() => post(proxy.url, ping)));

    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(faults(proxy)).toMatchObject([{ reason: 'connection_refused', count: 1 }]);
    expect(await proxy.upstream.health()).toEqual({
      isAvailable: false,
      reason: 'connection_refused',
    });
    time = 10_000;
    await post(proxy.url, ping);
    expect(faults(proxy)).toMatchObject([{ count: 1 }, { reason: 'connection_refused', count: 3 }]);

    upstream.server.listen(Number(port), '127.0.0.1');
    await once(upstream.server, 'listening');
    time = 20_000;
    expect((await post(proxy.url, ping)).status).toBe(200);
    expect(proxy.events.at(-1)).toEqual({ type: 'upstream_available' });
    expect(await proxy.upstream.health()).toEqual({ isAvailable: true });
  });

  it('MCP-20: one that does not speak HTTP is 503', async () => {
    const other = createTcpServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    });
    const { origin } = await listen(other);
    const proxy = await startProxy({ url: origin });
    stops.push(
      async () => void other.close(),
      () => proxy.stop(),
    );

    expect((await post(proxy.url, ping)).status).toBe(503);
    expect(faults(proxy)).toMatchObject([{ reason: 'malformed_http' }]);
  });

  it('MCP-20: an unknown name is 503', async () => {
    // A label of 64 characters is too long for DNS: no server has to be asked (RFC 1035 §2.3.4).
    const proxy = await startProxy({ url: `http://${'a'.repeat(64)}.invalid/mcp` });
    stops.push(() => proxy.stop());

    expect((await post(proxy.url, ping)).status).toBe(503);
    expect(faults(proxy)).toMatchObject([{ reason: 'name_not_found' }]);
    expect(proxy.events).toContainEqual(expect.objectContaining({ type: 'upstream_unencrypted' }));
  });

  it('MCP-20: a server without TLS behind an https URL is 503', async () => {
    const upstream = await startRecordingUpstream();
    stops.push(() => upstream.stop());
    const proxy = await startProxy({ url: upstream.url.replace('http:', 'https:') });
    stops.push(() => proxy.stop());

    expect((await post(proxy.url, ping)).status).toBe(503);
    expect(faults(proxy)).toMatchObject([{ reason: 'tls' }]);
  });

  it('MCP-20: one that does not answer in time is 503, and its request ends', async () => {
    const ended = Promise.withResolvers<void>();
    const { proxy } = await setUp((response) => response.once('close', () => ended.resolve()), {
      answerTimeoutSeconds: 1,
    });

    expect((await post(proxy.url, ping)).status).toBe(503);
    await ended.promise;
    expect(faults(proxy)).toMatchObject([{ reason: 'timeout' }]);
  });

  it('MCP-20: a closed upstream answers 503, and ends what is under way', async () => {
    const { proxy, upstream } = await setUp(() => {});
    const pending = post(proxy.url, ping);
    await expect.poll(() => upstream.seen.length).toBe(1);
    await proxy.upstream.close();

    expect((await pending).status).toBe(503);
    expect(faults(proxy)).toEqual([]);
    expect((await post(proxy.url, ping)).status).toBe(503);
    expect(await proxy.upstream.health()).toEqual({ isAvailable: false, reason: 'closed' });
  });
});

describe('a stream', () => {
  const event = (text: string) => `event: message\ndata: ${text}\n\n`;
  const openStream: RecordingUpstream['answer'] = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Mcp-Session-Id': 'a' });
    response.flushHeaders();
  };

  it('has its head at once, and each event when it comes', async () => {
    let write = (_text: string): unknown => undefined;
    const { proxy } = await setUp((response, request) => {
      openStream(response, request);
      write = (text) => response.write(text);
    });
    const response = await get(proxy.url);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    for (const text of ['{"a":1}', '{"b":"é"}']) {
      write(event(text));
      expect((await reader?.read())?.value).toBe(event(text));
    }
    await reader?.cancel();
  });

  it('ends at the upstream when its client disconnects', async () => {
    const ended = Promise.withResolvers<void>();
    const { proxy, upstream } = await setUp((response, request) => {
      openStream(response, request);
      response.once('close', () => ended.resolve());
    });
    const abort = new AbortController();
    await get(proxy.url, {}, abort.signal);
    abort.abort();
    await ended.promise;

    expect(upstream.seen).toHaveLength(1);
    expect(faults(proxy)).toEqual([]);
  });

  it('a call that its client gives up ends at the upstream', async () => {
    const ended = Promise.withResolvers<void>();
    const { proxy, upstream } = await setUp((response) =>
      response.once('close', () => ended.resolve()),
    );
    const abort = new AbortController();
    const pending = post(proxy.url, call(), { signal: abort.signal });
    pending.catch(() => {});
    await expect.poll(() => upstream.seen.length).toBe(1);
    abort.abort();
    await ended.promise;

    expect(faults(proxy)).toEqual([]);
  });

  it('waits for a client that reads slowly', async () => {
    const total = 60_000_000;
    let written = 0;
    const chunk = Buffer.from(event('x'.repeat(65_536)));
    const { proxy } = await setUp((response, request) => {
      openStream(response, request);
      const fill = () => {
        do written += chunk.length;
        while (!response.destroyed && written < total && response.write(chunk));
      };
      response.on('drain', fill);
      fill();
    });
    const responses: ServerResponse[] = [];
    proxy.server.prependListener('request', (_request, response) => responses.push(response));
    const { body } = await get(proxy.url);
    const reader = body?.getReader();
    await reader?.read();
    let still = 0;
    let before = -1;
    await expect
      .poll(() => {
        still = before === written ? still + 1 : 0;
        before = written;
        return still;
      })
      .toBeGreaterThan(5);

    // The rest waits at the upstream.
    expect(responses[0]?.writableLength).toBeLessThan(1_000_000);
    expect(written).toBeLessThan(total);
    await reader?.cancel();
  });

  it('MCP-20: disconnects a client that reads nothing for as long as an answer may take', async () => {
    const ended = Promise.withResolvers<void>();
    const chunk = Buffer.from(event('x'.repeat(65_536)));
    const { proxy } = await setUp(
      (response, request) => {
        openStream(response, request);
        response.on('close', () => ended.resolve());
        const fill = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', fill);
        fill();
      },
      { answerTimeoutSeconds: 1 },
    );
    const response = await get(proxy.url);
    await ended.promise;

    await expect(response.text()).rejects.toThrow();
    expect(faults(proxy)).toEqual([]);
  });

  it('MCP-20: must be one where the client asks for one', async () => {
    const { proxy } = await setUp(answerJson);

    expect((await get(proxy.url)).status).toBe(503);
    expect(faults(proxy)).toMatchObject([{ reason: 'content_type', status: 200 }]);
  });

  it('may be silent for longer than an answer may take', async () => {
    const { proxy } = await setUp(
      (response, request) => {
        openStream(response, request);
        setTimeout(() => response.end(event('late')), 4_000);
      },
      { answerTimeoutSeconds: 3 },
    );

    expect(await (await get(proxy.url)).text()).toBe(event('late'));
    expect(faults(proxy)).toEqual([]);
  });

  it('MCP-20: a call whose stream dies gets an error for its request', async () => {
    const { proxy } = await setUp((response, request) => {
      openStream(response, request);
      response.write(
        'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n',
      );
      setTimeout(() => response.destroy(), 20);
    });
    const text = await (await post(proxy.url, call('echo', 'id-7'))).text();
    const last = text.trimEnd().split('\n').at(-1)?.replace('data: ', '') ?? '';

    expect(JSON.parse(last)).toMatchObject({ jsonrpc: '2.0', id: 'id-7', error: { code: -32603 } });
    expect(faults(proxy)).toMatchObject([{ reason: 'connection_lost' }]);
  });

  it('MCP-20: an event that was cut off does not swallow that error', async () => {
    const { proxy } = await setUp((response, request) => {
      openStream(response, request);
      response.write('event: message\ndata: {"jsonrpc":"2.0","id":');
      setTimeout(() => response.destroy(), 20);
    });
    const text = await (await post(proxy.url, call('echo', 8))).text();

    expect(text).toMatch(
      /\n\nevent: message\ndata: \{"jsonrpc":"2.0","id":8,"error":[^\n]+\}\n\n$/,
    );
  });

  it('MCP-20: a stream of the server ends when the server dies', async () => {
    const { proxy } = await setUp((response, request) => {
      openStream(response, request);
      setTimeout(() => response.destroy(), 20);
    });

    expect(await (await get(proxy.url)).text()).toBe('');
  });

  it('a large answer passes as it comes', async () => {
    const result = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      result: { text: 'x'.repeat(3_000_000) },
    });
    const { proxy } = await setUp((response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(result),
    );

    expect(await (await post(proxy.url, ping)).text()).toBe(result);
  });

  it('MCP-20: a large answer that is cut off breaks, so that no client takes it for whole', async () => {
    const { proxy } = await setUp((response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(`{"jsonrpc":"2.0","id":1,"result":{"text":"${'x'.repeat(600_000)}`);
      setTimeout(() => response.destroy(), 50);
    });
    const response = await post(proxy.url, ping);

    await expect(response.text()).rejects.toThrow();
  });
});

describe('bounds', () => {
  it('MCP-20: a caller with its share of requests gets 429, and others are answered', async () => {
    const { proxy, upstream } = await setUp(
      (response, request) => {
        if (!request.body.includes('wait')) answerJson(response, request);
      },
      { maximumRequests: 8 },
    );
    const abort = new AbortController();
    const waiting = [1, 2].map((id) => post(proxy.url, call('wait', id), { signal: abort.signal }));
    for (const each of waiting) each.catch(() => {});
    await expect.poll(() => upstream.seen.length).toBe(2);
    const third = await post(proxy.url, call('echo', 3));

    expect([third.status, third.headers.get('Retry-After')]).toEqual([429, '1']);
    expect(await third.json()).toMatchObject({ id: 3, error: { code: -32000 } });
    const fourth = await post(proxy.url, { jsonrpc: '2.0', method: 'notifications/a' });
    expect(await fourth.json()).toMatchObject({ id: null, error: { code: -32000 } });
    expect((await post(proxy.url, call(), { token: bob })).status).toBe(200);
    abort.abort();
    await expect.poll(async () => (await post(proxy.url, call('echo', 4))).status).toBe(200);
  });

  it('MCP-20: more requests than all callers may have are 503', async () => {
    const { proxy, upstream } = await setUp(() => {}, { maximumRequests: 4 });
    const callers = ['a', 'b', 'c', 'd'].map((name) => `token-of-${name}~notes_read`);
    const waiting = callers.map((token) => post(proxy.url, call(), { token }));
    await expect.poll(() => upstream.seen.length).toBe(4);
    const response = await post(proxy.url, call(), { token: bob });

    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(faults(proxy)).toMatchObject([{ reason: 'busy' }]);
    await proxy.upstream.close();
    await Promise.all(waiting);
  });

  it('probes the upstream at most once a second, however often it is asked', async () => {
    const { proxy, upstream } = await setUp(answerJson, { now: () => 0 });
    const all = await Promise.all(Array.from({ length: 50 }, () => proxy.upstream.health()));

    expect(new Set(all.map((each) => each.isAvailable))).toEqual(new Set([true]));
    expect(upstream.seen).toHaveLength(1);
    expect(upstream.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    [404, { isAvailable: true }],
    [500, { isAvailable: false, reason: 'status' }],
  ])('health is what the answer itself says: %d', async (status, health) => {
    const { proxy } = await setUp((response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(status).end();
    });

    expect(await proxy.upstream.health()).toEqual(health);
  });

  it('health says why a server is not there', async () => {
    const silent = createTcpServer(() => {});
    const { origin } = await listen(silent);
    const upstream = createHttpUpstream({ url: origin });
    stops.push(() => upstream.close());
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    stops.push(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    expect(await upstream.health()).toEqual({ isAvailable: false, reason: 'timeout' });
  });
});

it('MCP-20: a request that came past the gate is answered with 503', async () => {
  const { upstream, proxy } = await setUp();
  proxy.server.removeAllListeners('request');
  proxy.server.on('request', (request, response) => {
    void proxy.upstream.handle(request as never, response, ping);
  });

  for (const _ of [1, 2]) expect((await post(proxy.url, ping)).status).toBe(503);

  expect(upstream.seen).toEqual([]);
  expect(proxy.events.filter(({ type }) => type === 'upstream_ungated')).toHaveLength(1);
});
