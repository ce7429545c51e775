import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';
import { hosts } from '../node-hosts.ts';

const body = JSON.stringify(toolCall('list'));

/** Sends the head, and the body only after `100 Continue`, as RFC 9110 has it. */
async function expectContinue(url: string, fields: readonly string[], length = body.length) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = [
    'POST /mcp HTTP/1.1',
    'Host: mcp.example.com',
    'Content-Type: application/json',
    'Expect: 100-continue',
    `Content-Length: ${length}`,
    ...fields,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
    if (received.endsWith('100 Continue\r\n\r\n')) socket.end(body);
  });
  await once(socket, 'close');
  return received.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.split(' ')[1]));
}

const good = `Authorization: Bearer ${tokens.read}`;

describe.each(Object.entries(hosts))('%s', (_name, start) => {
  it.each<[string, readonly string[], number, readonly number[]]>([
    ['no token', [], body.length, [401]],
    ['a foreign Origin', [good, 'Origin: https://evil.test'], body.length, [403]],
    ['a body that is announced too large', [good], 100_001, [413]],
    ['a good token', [good], body.length, [100, 200]],
  ])('CASE-08, HDR-22: Expect: 100-continue with %s', async (_which, fields, length, statuses) => {
    const host = await start(createTestGate());
    const seen = await expectContinue(host.url, fields, length);
    await host.close();

    expect(seen).toEqual(statuses);
  });
});

it('CASE-08: two gates send one 100 Continue, and a server without a gate still sends its own', async () => {
  nodeGate(createTestGate(), () => {});
  const open = createServer(async (request, response) => {
    response.end(await text(request));
  }).listen(0, '127.0.0.1');
  await once(open, 'listening');
  const url = `http://127.0.0.1:${(open.address() as AddressInfo).port}`;
  const seen = await expectContinue(url, ['Connection: close']);
  open.close();

  expect(seen).toEqual([100, 200]);
});

it('CASE-08: a checkContinue listener may send 100 Continue itself, before somebody reads', async () => {
  const handler = nodeGate(createTestGate(), (_request, response) => void response.end('reached'));
  const server = createServer()
    .on('checkContinue', (request, response) => {
      response.writeContinue();
      void handler(request, response);
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seen = [await expectContinue(url, []), await expectContinue(url, [good])];
  server.close();

  expect(seen).toEqual([
    [100, 401],
    [100, 200],
  ]);
});

it('CASE-08: a server with a checkContinue listener leaves 100 Continue to the gate', async () => {
  const handler = nodeGate(createTestGate(), (_request, response) => void response.end('reached'));
  const server = createServer().on('checkContinue', handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seen = [await expectContinue(url, []), await expectContinue(url, [good])];
  server.close();

  expect(seen).toEqual([[401], [100, 200]]);
});

it.each([
  ['no token', {}, [401]],
  ['a good token', { authorization: `Bearer ${tokens.read}` }, [100, 200]],
])(
  'CASE-08: on HTTP/2 a checkContinue listener gives the same with %s',
  async (_which, fields, statuses) => {
    const handler = nodeGate(
      createTestGate(),
      (_request, response) => void response.end('reached'),
    );
    const listener = (request: unknown, response: unknown) =>
      handler(request as IncomingMessage, response as ServerResponse);
    const server = createHttp2Server(listener).on('checkContinue', listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const stream = session.request({
      ':path': '/mcp',
      ':method': 'POST',
      expect: '100-continue',
      ...fields,
    });
    const seen: unknown[] = [];
    stream.on('headers', (headers) => seen.push(headers[':status']));
    stream.on('continue', () => stream.end(body));
    const [answer] = await once(stream, 'response');
    seen.push(answer[':status']);
    session.destroy();
    server.close();

    expect(seen).toEqual(statuses);
  },
);
