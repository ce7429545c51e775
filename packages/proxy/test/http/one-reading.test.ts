/**
 * A token that may read, and every way to hide a write from the gate. The upstream must never get a write, however
 * its parser reads bytes (MCP-18, MCP-19).
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alice, createTestGate, startProxy, type TestProxy } from '../fixture.ts';
import { encodings, listTexts, messages, methods, targets } from '../one-reading/requests.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

const { read, write } = messages;
const gate = createTestGate({
  scopes: { tools: { read: ['notes:read'], delete: ['notes:write'] } },
});
let upstream: RecordingUpstream;
let proxy: TestProxy;
beforeAll(async () => {
  upstream = await startRecordingUpstream();
  proxy = await startProxy({ url: upstream.url }, gate);
});
afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

/** Sends one request on a connection of its own, and waits for its end. */
async function send(method: string, target: string, lines: readonly string[], body: Buffer) {
  const socket = createConnection(Number(proxy.url.port), '127.0.0.1');
  socket.on('error', () => {}).on('data', () => {});
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: mcp.example.com',
    `Authorization: Bearer ${alice}`,
    'Connection: close',
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
  await once(socket, 'close');
}

/** Every name of a tool in the text, whatever its structure is. */
const namesIn = (text: string) =>
  [...text.toLowerCase().matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name);

it('MCP-18, MCP-19: no request of a token that may read is a write to any parser', async () => {
  const requests: readonly Parameters<typeof send>[] = [
    ...listTexts(messages).flatMap((text) =>
      Object.values(encodings).map(
        ([encode, lines]) => ['POST', '/mcp', lines, encode(text)] as Parameters<typeof send>,
      ),
    ),
    ...methods.flatMap((method) =>
      targets.map(
        (target) =>
          [method, target, ['Content-Type: application/json'], Buffer.from(write)] as Parameters<
            typeof send
          >,
      ),
    ),
  ];
  const waiting = requests.values();
  const work = async () => {
    for (const request of waiting) await send(...request);
  };
  await Promise.all(Array.from({ length: 8 }, work));

  const writes = upstream.seen.filter(({ body }) => {
    // What arrives has one reading: parsing and writing it changes no byte.
    const isCanonical = body === '' || JSON.stringify(JSON.parse(body)) === body;
    const isWrite = namesIn(body).includes('delete') && body.includes('tools/call');
    return !isCanonical || isWrite;
  });
  expect(writes.map(({ body }) => body)).toEqual([]);
  expect(requests.length).toBeGreaterThan(600);
  // Reads pass: the gate is not simply closed.
  expect(upstream.seen.filter(({ body }) => body === read).length).toBeGreaterThan(5);
});
