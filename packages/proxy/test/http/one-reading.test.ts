/**
 * A token that may read, and every way to hide a write from the gate. The upstream must never get a write, however
 * its parser reads bytes (MCP-18, MCP-19).
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alice, createTestGate, startProxy, type TestProxy } from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

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

const write =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","arguments":{}}}';
const read = write.replace('delete', 'read');
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** Texts in which some parser finds the write. */
const texts: readonly string[] = [
  write,
  ` \t\r\n${write}\n`,
  `\ufeff${write}`,
  `[${write}]`,
  `[${read},${write}]`,
  `[${ping},${write}]`,
  `[[${write}]]`,
  `${read}\n${write}`,
  `${read}${write}`,
  `${read}\u0000${write}`,
  `${read}//${write}`,
  `{"a":${write}}`,
  `{"jsonrpc":"2.0","id":1,"result":{},"method":"tools/call","params":{"name":"delete"}}`,
  `{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":${write}}`,
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","__proto__":{"name":"delete"}}}`,
  // A member twice: parsers take the first, the last, or both.
  write.replace('"name":"delete"', '"name":"delete","name":"read"'),
  write.replace('"name":"delete"', '"name":"read","name":"delete"'),
  write.replace('"name":"delete"', '"name":"read","n\\u0061me":"delete"'),
  write.replace('"name":"delete"', '"NAME":"delete","name":"read"'),
  write.replace('"method":"tools/call"', '"method":"tools/call","method":"ping"'),
  write.replace('"method":"tools/call"', '"method":"ping","method":"tools/call"'),
  write.replace('"params":', '"params":{"name":"read"},"params":'),
  write.replace(
    '"params":{"name":"delete","arguments":{}}',
    '"params":{"name":"delete"},"params":{"name":"read"}',
  ),
  // Parsers of Go and .NET ignore the letter case of members.
  ...['NAME', 'Name', 'nAmE'].flatMap((name) => [
    write.replace('"name":"delete"', `"name":"read","${name}":"delete"`),
    write.replace('"name":"delete"', `"${name}":"delete"`),
  ]),
  ...['METHOD', 'Method'].flatMap((name) => [
    write.replace('"method":"tools/call"', `"method":"ping","${name}":"tools/call"`),
    write.replace('"method":"tools/call"', `"result":{},"${name}":"tools/call"`),
  ]),
  write.replace('"params":', '"params":{"name":"read"},"Params":'),
  write.replace('"params":', '"param\u017f":'),
  // Other spellings of the name.
  write.replace('"delete"', '"\\u0064elete"'),
  write.replace('"delete"', '"delete\\u0000"'),
  write.replace('"delete"', '"delete "'),
  write.replace('"delete"', '"DELETE"'),
  write.replace('"delete"', '["delete"]'),
  write.replace('"delete"', '{"toString":"delete"}'),
  write.replace('tools/call', 'tools\\/call'),
  write.replace('tools/call', 'TOOLS/CALL'),
  write.replace('"2.0"', '2.0'),
  write.replace('"2.0"', '"2.00"'),
  write.replace('"id":1', '"id":null'),
  write.replace('"id":1,', ''),
];

/** How the bytes of a text are sent. */
const encodings: Readonly<Record<string, readonly [(text: string) => Buffer, readonly string[]]>> =
  {
    'UTF-8': [Buffer.from, ['Content-Type: application/json']],
    'UTF-8 that says UTF-16': [Buffer.from, ['Content-Type: application/json; charset=utf-16']],
    'UTF-8 that says UTF-7': [Buffer.from, ['Content-Type: application/json; charset=utf-7']],
    'UTF-16': [
      (text) => Buffer.from(text, 'utf16le'),
      ['Content-Type: application/json; charset=utf-16'],
    ],
    'plain text': [Buffer.from, ['Content-Type: text/plain']],
    'a form': [Buffer.from, ['Content-Type: application/x-www-form-urlencoded']],
    'two types': [Buffer.from, ['Content-Type: text/plain', 'Content-Type: application/json']],
    'no type': [Buffer.from, []],
    gzip: [(text) => gzipSync(text), ['Content-Type: application/json', 'Content-Encoding: gzip']],
    'gzip in name only': [
      Buffer.from,
      ['Content-Type: application/json', 'Content-Encoding: gzip'],
    ],
    'another method in a field': [
      Buffer.from,
      ['Content-Type: application/json', 'X-HTTP-Method-Override: DELETE'],
    ],
    'fields that say ping': [Buffer.from, ['Content-Type: application/json', 'Mcp-Method: ping']],
    'fields that say read': [
      Buffer.from,
      ['Content-Type: application/json', 'Mcp-Method: tools/call', 'Mcp-Name: read'],
    ],
  };
const targets = [
  '/mcp',
  '/mcp/',
  '//mcp',
  '/mcp?name=delete&method=tools/call',
  '/mcp/../mcp',
  '/other',
];
const methods = ['POST', 'post', 'PUT', 'PATCH', 'GET', 'DELETE', 'OPTIONS', 'QUERY'];

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
    ...texts.flatMap((text) =>
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
