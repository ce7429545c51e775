import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRaw, get } from '@sallyport/test-parts/raw-client';
import { ask, type Outcome } from '@sallyport/test-parts/steady-load';
import { expect, it, onTestFinished } from 'vitest';
import { createLifecycle, type LifecycleOptions } from '../src/index.ts';

/** A server whose `/slow` is answered when the test says so. */
async function setUp(own?: RequestListener) {
  const server = createServer({ keepAliveTimeout: 60_000 });
  const lifecycle = createLifecycle(server);
  const slow: ServerResponse[] = [];
  const served: string[] = [];
  const listener: RequestListener = (request, response) => {
    served.push(request.url ?? '');
    if (request.url === '/slow') return void slow.push(response);
    request.resume();
    response.end('served');
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    lifecycle.cut();
    await lifecycle.stop();
  });
  const { port } = server.address() as AddressInfo;
  const serve = () => lifecycle.serve(own ?? listener);
  async function untilSlow(count = 1): Promise<void> {
    while (slow.length < count) await once(server, 'request');
  }
  return {
    ...{ server, lifecycle, port, slow, served, serve, untilSlow },
    /** Serves, and sends requests that wait for their answers, on one connection. */
    async askSlow(count = 1) {
      serve();
      const client = await connectRaw(port);
      client.write(get('/slow').repeat(count));
      await untilSlow(count);
      return client;
    },
    async untilDraining() {
      while (lifecycle.state !== 'draining') await new Promise(setImmediate);
    },
  };
}

const requests = [
  ['GET', { path: '/mcp' }],
  ['HEAD', { path: '/mcp', method: 'HEAD' }],
  ['POST', { path: '/mcp', method: 'POST', body: '{"jsonrpc":"2.0"}' }],
  ['POST of 60 kB', { path: '/mcp', method: 'POST', body: 'a'.repeat(60_000) }],
  ['POST of 2 MB', { path: '/mcp', method: 'POST', body: 'a'.repeat(2_000_000) }],
  [
    'POST in chunks',
    { path: '/mcp', method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body: 'ab' },
  ],
  [
    'POST that expects to be continued',
    { path: '/mcp', method: 'POST', headers: { Expect: '100-continue' }, body: '{}' },
  ],
  ['OPTIONS', { path: '/mcp', method: 'OPTIONS' }],
  ['the health check with another method', { path: '/health', method: 'DELETE' }],
] as const;

it.each(requests)(
  'OPS-11: answers %s with 503 and Retry-After before it is ready',
  async (_name, request) => {
    const { port, served } = await setUp();
    const { result, retryAfter } = await ask({ port, ...request });

    expect({ result, retryAfter, served }).toEqual({ result: 503, retryAfter: '1', served: [] });
  },
);

it('CASE-20: says at /health what the server does, from its start to its end', async () => {
  const { port, serve, lifecycle, untilSlow, slow, untilDraining } = await setUp();
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };
  const early = await health();
  serve();
  const ready = await health();
  const client = await connectRaw(port);
  client.write(get('/slow'));
  await untilSlow();
  const waiting = await connectRaw(port);
  const stopped = lifecycle.stop({ lingerSeconds: 2 });
  await untilDraining();
  waiting.write(get('/health'));
  const late = await waiting.closed;
  slow[0]?.end();
  await stopped;

  expect([early, ready]).toEqual([
    [503, 'starting'],
    [200, 'ok'],
  ]);
  expect(late).toContain('503');
  expect(late).toContain('{"status":"draining"}');
  expect(lifecycle.state).toBe('closed');
});

it('OPS-11: serves requests in the grace period, while /health is 503', async () => {
  const { port, serve, lifecycle } = await setUp();
  serve();
  const stopped = lifecycle.stop({ graceSeconds: 60 });
  const health = await ask({ port, path: '/health' });
  const served = await ask({ port, path: '/mcp' });
  lifecycle.cut();
  await stopped;

  expect([health.result, served.result, served.connection]).toEqual([503, 200, 'close']);
});

it.each(requests)(
  'OPS-11: answers %s with 503 and closes the connection while it drains',
  async (_name, request) => {
    const { port, lifecycle, served, slow, askSlow, untilDraining } = await setUp();
    const client = await askSlow();
    const other = await connectRaw(port);
    const stopped = lifecycle.stop({ lingerSeconds: 2 });
    await untilDraining();
    const { body, headers, method } = { body: '', headers: {}, method: 'GET', ...request };
    const isChunked = 'Transfer-Encoding' in headers;
    const fields = Object.entries({ Host: 'localhost', ...headers }).map((field) =>
      field.join(': '),
    );
    if (!isChunked && body !== '') fields.push(`Content-Length: ${body.length}`);
    const sent = isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
    other.write(`${method} ${request.path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${sent}`);
    const answer = await other.closed;
    slow[0]?.end('late');
    await stopped;

    expect(answer).toMatch(/HTTP\/1\.1 503 /);
    expect(answer).toContain('Retry-After: 1');
    expect(answer).toContain('Connection: close');
    expect(served).toEqual(['/slow']);
    expect(await client.closed).toContain('late');
  },
);

it('OPS-06: a request under way is answered, and its connection closed', async () => {
  const { lifecycle, slow, askSlow, untilDraining } = await setUp();
  const client = await askSlow();
  const stopped = lifecycle.stop();
  await untilDraining();
  slow[0]?.end('done');
  const answer = await client.closed;
  await stopped;

  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('Connection: close');
  expect(answer).toContain('done');
});

it.each<[string, (response: ServerResponse) => ServerResponse]>([
  ['an object', (to) => to.writeHead(200, { Connection: 'keep-alive', 'X-Own': 'a' })],
  ['lower case', (to) => to.writeHead(200, { connection: 'keep-alive', 'X-Own': 'a' })],
  ['a message', (to) => to.writeHead(200, 'Yes', { Connection: 'keep-alive', 'X-Own': 'a' })],
  ['an array', (to) => to.writeHead(200, ['Connection', 'keep-alive', 'X-Own', 'a'])],
  [
    'pairs',
    (to) =>
      to.writeHead(200, [
        ['Connection', 'keep-alive'],
        ['X-Own', 'a'],
      ] as never),
  ],
  ['setHeader', (to) => to.setHeader('Connection', 'keep-alive').setHeader('X-Own', 'a')],
])(
  'OPS-06: the connection closes if the answer asks to keep it, as those of the SDK do (%s)',
  async (_name, answerHead) => {
    const { lifecycle, slow, askSlow, untilDraining } = await setUp();
    const client = await askSlow();
    // Only a connection that stays would need a minute.
    const stopped = lifecycle.stop({ drainSeconds: 60, lingerSeconds: 60 });
    await untilDraining();
    answerHead(slow[0] as ServerResponse).end('done');
    const answer = await client.closed;
    await stopped;

    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).not.toMatch(/keep-alive/i);
    expect(answer).toMatch(/^X-Own: a\r$/m);
  },
);

it('OPS-06: an answer that began before is finished, and its connection closed', async () => {
  const { lifecycle, slow, askSlow, untilDraining } = await setUp();
  const client = await askSlow();
  slow[0]?.write('first');
  await client.until('first');
  const stopped = lifecycle.stop();
  await untilDraining();
  slow[0]?.end('last');
  await stopped;

  expect(await client.closed).toContain('last');
});

it('OPS-06: ends streams that began while it drained', async () => {
  const { lifecycle, slow, askSlow, untilDraining } = await setUp();
  const client = await askSlow();
  const options: LifecycleOptions = {
    endStreams: () => slow.filter(({ headersSent }) => headersSent).map((answer) => answer.end()),
  };
  const stopped = lifecycle.stop(options);
  await untilDraining();
  slow[0]?.write('the stream begins');
  await stopped;

  expect(await client.closed).toContain('the stream begins');
});

it('OPS-11: answers every pipelined request, and says close with the last one only', async () => {
  const { lifecycle, slow, askSlow, untilDraining } = await setUp();
  const client = await askSlow(3);
  const stopped = lifecycle.stop();
  await untilDraining();
  for (const answer of slow.toReversed()) answer.end(`answer ${slow.indexOf(answer)}`);
  const answers = await client.closed;
  await stopped;

  expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
  expect(answers.match(/Connection: close/g)).toHaveLength(1);
  expect(answers.indexOf('Connection: close')).toBeGreaterThan(answers.indexOf('answer 1'));
});

it('OPS-11: does not run a request that follows an answer with Connection: close', async () => {
  const { port, lifecycle, slow, served, askSlow } = await setUp();
  const client = await askSlow();
  const stopped = lifecycle.stop({ graceSeconds: 60 });
  slow[0]?.write('closes');
  await client.until('closes');
  client.write(get('/other'));
  // The server reads in the order of arrival: this one comes after.
  await ask({ port, path: '/marker' });
  slow[0]?.end();
  lifecycle.cut();
  await stopped;

  expect(served).toEqual(['/slow', '/marker']);
});

it.each([
  ['sends nothing', ''],
  ['sends half a header', 'GET /mcp HTTP/1.1\r\nHost: loc'],
  ['waits for its next request', get('/mcp')],
  ['sends no HTTP', '\u0016\u0003\u0001'],
])('CASE-25: stops although a client %s', async (_name, text) => {
  const { port, serve, lifecycle } = await setUp();
  serve();
  const client = await connectRaw(port);
  if (text !== '') client.write(text);
  await ask({ port, path: '/mcp' });
  // Only the linger ends it: the drain would wait for a minute.
  await lifecycle.stop({ drainSeconds: 60, lingerSeconds: 0.05 });
  await client.closed;

  expect(lifecycle.state).toBe('closed');
});

it('CASE-25: cuts a handler that never ends', async () => {
  const { lifecycle, askSlow } = await setUp();
  const client = await askSlow();
  await lifecycle.stop({ drainSeconds: 0.1 });

  expect(await client.closed).toBe('');
});

it('CASE-25: cuts a client that never reads its answer', async () => {
  const { port, serve, lifecycle, slow, untilSlow } = await setUp();
  serve();
  const client = await connectRaw(port);
  client.socket.pause();
  client.write(get('/slow'));
  await untilSlow();
  slow[0]?.end(Buffer.alloc(64 * 1_048_576));
  await lifecycle.stop({ drainSeconds: 0.1 });
  client.socket.resume();
  await client.closed;

  expect(lifecycle.state).toBe('closed');
});

it('OPS-06: cuts what is under way when told to', async () => {
  const { lifecycle, askSlow } = await setUp();
  const client = await askSlow();
  const stopped = lifecycle.stop({ graceSeconds: 60, drainSeconds: 60 });
  lifecycle.cut();
  await stopped;

  expect(await client.closed).toBe('');
});

it('CASE-20: stops before it was ready, and then serves nothing', async () => {
  const { lifecycle, serve } = await setUp();
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  serve();

  expect(lifecycle.state).toBe('closed');
});

/** A server in a process of its own, busy until the kernel has taken all connections. Then it closes its port. */
async function closeWhileBusy(way: 'at-once' | 'lifecycle') {
  const folder = await mkdtemp(join(tmpdir(), 'busy-server-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const signalFile = join(folder, 'connected');
  const entry = new URL('./busy-server.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=development', entry, way, signalFile], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  child.send('close');
  // From here on the process is busy, and only the kernel takes connections.
  await once(child, 'message');
  const count = 20;
  let connected = 0;
  const agent = new Agent();
  agent.createConnection = () =>
    connect(port, '127.0.0.1', () => {
      connected += 1;
      if (connected === count) writeFileSync(signalFile, '');
    });
  const asked = Array.from({ length: count }, () => ask({ port, path: '/mcp', agent }));
  const [[{ accepted }], ...outcomes] = (await Promise.all([once(child, 'message'), ...asked])) as [
    [{ accepted: number[] }],
    ...Outcome[],
  ];
  return { accepted: new Set(accepted), outcomes };
}

it('CASE-25: answers connections that wait in the queue of the kernel', async () => {
  const { outcomes } = await closeWhileBusy('lifecycle');
  const results = outcomes.map(({ result }) => result);

  // A server that needs longer than 250 ms to accept them answers the others with 503.
  expect(results.filter((result) => result !== 503)).toContain(200);
  expect(results.filter((result) => result !== 200 && result !== 503)).toEqual([]);
});

it('CASE-25: a port that closes at once resets connections that its server never saw', async () => {
  const { outcomes, accepted } = await closeWhileBusy('at-once');
  const lost = outcomes.filter(({ result }) => result !== 200);

  expect(lost.length).toBeGreaterThan(0);
  expect(lost.filter(({ localPort = 0 }) => accepted.has(localPort))).toEqual([]);
});

/** Keeps the process from everything else, like a busy machine. */
function keepBusy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

it('CASE-25: answers a request that arrived on an idle connection before a late look at it', async () => {
  const { port, serve, lifecycle, untilDraining } = await setUp();
  serve();
  const client = await connectRaw(port);
  client.write(get('/mcp'));
  await client.until('served');
  const stopped = lifecycle.stop({ lingerSeconds: 0.3 });
  await untilDraining();
  client.write(get('/late'));
  keepBusy(400);
  await stopped;

  expect(await client.closed).toMatch(/HTTP\/1\.1 503 /);
});

it('CASE-25: answers the next request after an answer that began before the drain', async () => {
  const { lifecycle, slow, askSlow, untilDraining } = await setUp();
  const client = await askSlow();
  slow[0]?.write('first');
  await client.until('first');
  const stopped = lifecycle.stop({ lingerSeconds: 2 });
  await untilDraining();
  slow[0]?.end('last');
  await client.until('last');
  client.write(get('/next'));
  const answers = await client.closed;
  await stopped;

  expect(answers).toMatch(/HTTP\/1\.1 503 /);
  expect(answers).toContain('Connection: close');
});

it('CASE-25: waits for a request that arrives in pieces, for longer than the linger', async () => {
  const { port, serve, lifecycle, untilDraining } = await setUp();
  serve();
  const client = await connectRaw(port);
  const stopped = lifecycle.stop({ lingerSeconds: 0.3 });
  await untilDraining();
  for (const piece of ['GET /mcp HTTP/1.1\r\n', 'Host: ', 'local', 'host', '\r\n', '\r\n']) {
    client.write(piece);
    await sleep(100);
  }
  await stopped;

  expect(await client.closed).toMatch(/HTTP\/1\.1 503 /);
});

it('CASE-25: does not reset a client that sends after its idle connection was closed', async () => {
  const { port, serve, lifecycle, served } = await setUp();
  serve();
  const client = await connectRaw(port, { allowHalfOpen: true });
  let error: unknown;
  client.socket.on('error', (given) => {
    error = given;
  });
  const stopped = lifecycle.stop({ lingerSeconds: 0.2 });
  await once(client.socket, 'end');
  client.write(get('/late'));
  client.socket.end();
  await client.closed;
  await stopped;

  expect({ error, served }).toEqual({ error: undefined, served: [] });
});

it('CASE-25: closes a connection whose client keeps it half open', async () => {
  const { port, serve, lifecycle } = await setUp();
  serve();
  const client = await connectRaw(port, { allowHalfOpen: true });
  // Only the linger ends it: the drain would wait for a minute.
  await lifecycle.stop({ drainSeconds: 60, lingerSeconds: 0.05 });
  client.socket.destroy();

  expect(lifecycle.state).toBe('closed');
});
