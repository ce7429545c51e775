import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { plainToolGate } from '../../src/node.ts';
import { createTestGate, tokens } from '../fixture.ts';

async function setUp(meta?: Readonly<Record<string, unknown>>) {
  const find = plainToolGate(
    createTestGate(),
    (_request, response, body) => void response.end(JSON.stringify(body)),
    { ...(meta !== undefined && { meta }) },
  );
  const server = createServer((request, response) => {
    const listener = find(request);
    if (listener === undefined) response.writeHead(404).end();
    else void listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return (method: string, path: string, body?: string, token: string | undefined = tokens.read) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    });
}

it('runs the messages that the requests stand for, with their metadata', async () => {
  const ask = await setUp({ from: 'curl' });
  const message = { jsonrpc: '2.0', id: 1 };
  const listed = await ask('GET', '/mcp/tools/list?page=1');
  const called = await ask('POST', '/tools/call', '{"name":"list","arguments":{"a":1}}');

  expect(await listed.json()).toEqual({
    ...message,
    method: 'tools/list',
    params: { _meta: { from: 'curl' } },
  });
  expect(await called.json()).toEqual({
    ...message,
    method: 'tools/call',
    params: { name: 'list', arguments: { a: 1 }, _meta: { from: 'curl' } },
  });
});

it.each([
  ['a tool without its scope', '{"name":"delete"}', 403],
  ['a body that is no JSON', '{', 400],
  ['a list', '[]', 403],
  ['a name that is none', '{"name":["list"]}', 403],
])('ANS-07: the gate judges %s before it runs', async (_case, body, status) => {
  const ask = await setUp();

  expect((await ask('POST', '/tools/call', body)).status).toBe(status);
});

it('needs a token, and answers two requests alone', async () => {
  const ask = await setUp();

  expect((await ask('GET', '/mcp/tools/list', undefined, 'none')).status).toBe(401);
  expect((await ask('POST', '/mcp/tools/list', '{}')).status).toBe(404);
  expect((await ask('GET', '/tools/call')).status).toBe(404);
  expect((await ask('POST', '/tools/call/', '{}')).status).toBe(404);
});

it('reads a body as the gate asks for it, such as in the time that a stranger has', async () => {
  const stop = AbortSignal.timeout(50);
  const gate = createTestGate();
  const reads: unknown[] = [];
  const find = plainToolGate(
    {
      ...gate,
      async handle(request) {
        reads.push(await request.readJson(100, { stop }).catch(() => 'stopped'));
        return gate.handle({ ...request, readJson: async () => ({ ok: true, value: {} }) });
      },
    },
    () => expect.unreachable(),
  );
  const server = createServer((request, response) => void find(request)?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('POST /tools/call HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{');
  });
  await once(socket, 'data');
  socket.destroy();

  expect(reads).toEqual(['stopped']);
});
