/** The proxy for clients of HTTP/2. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server } from 'node:http2';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttpUpstream, type HttpUpstream } from '../../src/index.ts';
import { alice, createTestGate, listen, ping } from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

let upstream: RecordingUpstream;
let proxied: HttpUpstream;
let server: Http2Server;
let session: ClientHttp2Session;

beforeEach(async () => {
  upstream = await startRecordingUpstream();
  await startProxy();
});
afterEach(async () => {
  await stopProxy();
  await upstream.stop();
});

async function startProxy(answerTimeoutSeconds = 300): Promise<void> {
  proxied = createHttpUpstream({ url: upstream.url, answerTimeoutSeconds });
  server = createServer();
  server.on('request', nodeGate(createTestGate(), proxied.handle as never) as never);
  session = connect((await listen(server)).origin);
}

async function stopProxy(): Promise<void> {
  session.destroy();
  server.close();
  await proxied.close();
}

function send(method: 'GET' | 'POST') {
  const stream = session.request({
    ':path': '/mcp',
    ':method': method,
    authorization: `Bearer ${alice}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-forwarded-user': 'admin',
  });
  stream.on('error', () => {});
  stream.end(method === 'POST' ? JSON.stringify(ping) : undefined);
  return stream;
}

async function read(stream: ReturnType<typeof send>) {
  const [headers] = await once(stream, 'response');
  let body = '';
  for await (const bytes of stream) body += bytes;
  return { status: headers[':status'], body };
}

it('MCP-19: sends the listed fields and no pseudo-header field', async () => {
  expect(await read(send('POST'))).toEqual({
    status: 200,
    body: '{"jsonrpc":"2.0","id":1,"result":{}}',
  });
  const names = Object.keys(upstream.seen[0]?.headers ?? {});
  expect(names.filter((name) => name.startsWith(':') || name.startsWith('x-'))).toEqual([]);
});

it('MCP-20: answers 503 for an upstream that is not there', async () => {
  await stopProxy();
  await startProxy(1);
  upstream.answer = () => {};
  expect((await read(send('POST'))).status).toBe(503);
});

it('streams events, and ends them when the client resets its stream', async () => {
  const ended = Promise.withResolvers<void>();
  upstream.answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => response.write(': more\n\n'), 10);
    response.on('close', () => {
      clearInterval(timer);
      ended.resolve();
    });
  };
  const stream = send('GET');
  await once(stream, 'response');
  await once(stream, 'data');
  stream.close();
  await ended.promise;
  expect(upstream.seen).toHaveLength(1);
});

it('waits for a client that reads slowly, and then goes on', async () => {
  const event = `data: ${'x'.repeat(20_000)}\n\n`;
  upstream.answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (let count = 0; count < 100; count += 1) response.write(event);
    response.end();
  };
  const stream = send('GET');
  await once(stream, 'response');
  stream.pause();
  await expect.poll(() => upstream.seen.length).toBe(1);
  let size = 0;
  stream.on('data', (bytes) => {
    size += bytes.length;
  });
  stream.resume();
  await once(stream, 'end');
  expect(size).toBe(event.length * 100);
});
