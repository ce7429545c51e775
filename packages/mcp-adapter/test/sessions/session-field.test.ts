/** Every way in which a handler of Node's can tell a session, over HTTP/1.1 and HTTP/2. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nodeGate } from '../../src/node.ts';
import { presentSession, replaceSession } from '../../src/sessions/session-field.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';

type Answer = (response: ServerResponse) => void;
const headers = { Authorization: `Bearer ${tokens.read}`, 'Content-Type': 'application/json' };
const proven = /^s1\.s1\.[A-Za-z0-9_-]{22}$/;

// `writeHead` has more forms than its type says.
const writeHead = (response: ServerResponse, ...given: unknown[]) =>
  (response.writeHead as (...given: unknown[]) => ServerResponse)(...given);

const ways: readonly [string, Answer][] = [
  [
    'setHeader and end',
    (response) => {
      response.setHeader('Mcp-Session-Id', 's1');
      response.end();
    },
  ],
  [
    'setHeader and a body',
    (response) => {
      response.setHeader('mcp-session-id', 's1');
      response.end('text');
    },
  ],
  [
    'setHeader and write',
    (response) => {
      response.setHeader('MCP-SESSION-ID', 's1');
      response.write('text');
      response.end();
    },
  ],
  [
    'setHeader and flushHeaders',
    (response) => {
      response.setHeader('Mcp-Session-Id', 's1');
      response.flushHeaders();
      response.end();
    },
  ],
  [
    'setHeader with a list of one',
    (response) => {
      response.setHeader('Mcp-Session-Id', ['s1']);
      response.end();
    },
  ],
  [
    'appendHeader',
    (response) => {
      response.appendHeader('Mcp-Session-Id', 's1');
      response.end();
    },
  ],
  [
    'writeHead and an object',
    (response) => writeHead(response, 200, { 'mcp-session-id': 's1' }).end(),
  ],
  [
    'writeHead and a list of one in an object',
    (response) => writeHead(response, 200, { 'mcp-session-id': ['s1'] }).end(),
  ],
  [
    'writeHead, a reason and an object',
    (response) => writeHead(response, 200, 'OK', { 'MCP-Session-Id': 's1' }).end(),
  ],
  [
    'both setHeader and writeHead',
    (response) => {
      response.setHeader('Mcp-Session-Id', 'before');
      writeHead(response, 200, { 'mcp-session-id': 's1' }).end();
    },
  ],
  [
    'writeHead after one that failed',
    (response) => {
      response.setHeader('Mcp-Session-Id', 's1');
      expect(() => writeHead(response, 99)).toThrow();
      writeHead(response, 200).end();
    },
  ],
];
const onlyHttp1: readonly [string, Answer][] = [
  [
    'setHeaders and Headers',
    (response) => void response.setHeaders(new Headers([['Mcp-Session-Id', 's1']])).end(),
  ],
  [
    'setHeaders and a Map',
    (response) => void response.setHeaders(new Map([['Mcp-Session-Id', 's1']])).end(),
  ],
  [
    'writeHead and a list',
    (response) =>
      writeHead(response, 200, ['X-Other', 'mcp-session-id', 'Mcp-Session-Id', 's1']).end(),
  ],
  [
    'writeHead, a reason and a list',
    (response) => writeHead(response, 200, 'OK', ['Mcp-Session-Id', 's1']).end(),
  ],
  [
    'writeHead and pairs',
    (response) =>
      writeHead(response, 200, [
        ['X-Other', 'mcp-session-id'],
        ['Mcp-Session-Id', 's1'],
      ]).end(),
  ],
];
const refused: readonly [string, Answer][] = [
  [
    'a blank',
    (response) => {
      response.setHeader('Mcp-Session-Id', 'a b');
      response.end();
    },
  ],
  [
    'two ids',
    (response) => {
      response.setHeader('Mcp-Session-Id', ['a', 'b']);
      response.end();
    },
  ],
  ['nothing', (response) => writeHead(response, 200, { 'Mcp-Session-Id': '' }).end()],
];

async function askHttp1(answer: Answer, sent: Record<string, string> = {}) {
  let seen: unknown;
  const gated = nodeGate(createTestGate(), (request, response) => {
    seen = [request.headers, request.headersDistinct, request.rawHeaders];
    answer(response);
  });
  const server = createServer(gated).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const send = (more: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(toolCall('list')),
    });
  const response = await send(sent);
  const id = response.headers.get('Mcp-Session-Id');
  const status = id === null ? 200 : (await send({ 'Mcp-Session-Id': id })).status;
  server.closeAllConnections();
  server.close();
  return { id, status, seen };
}

async function askHttp2(answer: Answer) {
  let seen: unknown;
  const gated = nodeGate(createTestGate(), (request, response) => {
    seen = [request.headers, request.rawHeaders];
    answer(response);
  });
  const server = createHttp2Server((request, response) => {
    void gated(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const send = async (more: Record<string, string>) => {
    const stream = session.request({ ':path': '/mcp', ':method': 'POST', ...headers, ...more });
    stream.end(JSON.stringify(toolCall('list')));
    const [answered] = await once(stream, 'response');
    stream.resume();
    await once(stream, 'end');
    return answered;
  };
  const id = (await send({}))['mcp-session-id'] ?? null;
  const status = id === null ? 200 : (await send({ 'Mcp-Session-Id': id }))[':status'];
  session.close();
  server.close();
  return { id, status, seen };
}

describe('the session id of an answer', () => {
  it.each([...ways, ...onlyHttp1])('MCP-16: is proven when told by %s', async (_name, answer) => {
    const { id, status, seen } = await askHttp1(answer);

    expect(id).toMatch(proven);
    expect(status).toBe(200);
    expect(seen).toMatchObject([{ 'mcp-session-id': 's1' }, { 'mcp-session-id': ['s1'] }, {}]);
    expect(JSON.stringify(seen)).not.toContain(id);
    expect((seen as unknown[])[2]).toEqual(expect.arrayContaining(['Mcp-Session-Id', 's1']));
  });

  it.each(ways)('MCP-16: is proven over HTTP/2 when told by %s', async (_name, answer) => {
    const { id, status, seen } = await askHttp2(answer);

    expect(id).toMatch(proven);
    expect(status).toBe(200);
    expect(seen).toMatchObject([{ 'mcp-session-id': 's1' }, {}]);
    expect(JSON.stringify(seen)).not.toContain(id);
  });

  it.each(refused)('is left out where it is %s', async (_name, answer) => {
    expect((await askHttp1(answer)).id).toBeNull();
    expect((await askHttp2(answer)).id).toBeNull();
  });
});

it('hides an id from lists that somebody changed before the gate', () => {
  const onlyRaw = { headers: {}, rawHeaders: ['Mcp-Session-Id', 'x', 'Other', 'y'] };
  const onlyParsed = { headers: { 'mcp-session-id': 'x' }, rawHeaders: [] };
  presentSession(onlyRaw, undefined, undefined);
  presentSession(onlyParsed, undefined, undefined);

  expect([onlyRaw, onlyParsed]).toEqual([
    { headers: {}, rawHeaders: ['Other', 'y'] },
    { headers: {}, rawHeaders: [] },
  ]);
});

it('removes the session id from the distinct fields that somebody has read before', () => {
  const request = {
    headers: { 'mcp-session-id': 'x' },
    headersDistinct: { 'mcp-session-id': ['x'], host: ['a'] },
    rawHeaders: ['Mcp-Session-Id', 'x', 'Host', 'a'],
  };
  presentSession(request, undefined, request.headersDistinct);

  expect(request).toEqual({
    headers: {},
    headersDistinct: { host: ['a'] },
    rawHeaders: ['Host', 'a'],
  });
});

describe('a response', () => {
  /** Some versions of Node.js end a response of HTTP/2 without calling `writeHead`. */
  function createWriter() {
    const fields = new Map<string, unknown>([['mcp-session-id', 's1']]);
    const written: unknown[][] = [];
    const writer = {
      headersSent: false,
      getHeader: (name: string) => fields.get(name.toLowerCase()),
      setHeader: (name: string, value: string) => fields.set(name.toLowerCase(), value),
      removeHeader: (name: string) => void fields.delete(name.toLowerCase()),
      writeHead: (...given: unknown[]) => void written.push(given),
      end: () => {},
    };
    replaceSession(writer as never, (value) => `proven ${value}`);
    return { writer, fields, written };
  }

  it('CASE-21: has the proven id although it ends without writeHead', () => {
    const { writer, fields } = createWriter();
    writer.end();

    expect(fields.get('mcp-session-id')).toBe('proven s1');
  });

  it('leaves a list that lacks a value to Node.js, which refuses it', () => {
    const { writer, written } = createWriter();
    const list = ['Mcp-Session-Id', 's1', 'X'];
    writer.writeHead(200, list);

    expect(written).toEqual([[200, list]]);
  });
});
