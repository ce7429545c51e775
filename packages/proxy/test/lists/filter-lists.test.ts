/** Lists that show to each caller what it may use (MCP-07). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventFilter } from '../../src/lists/event-filter.ts';
import { createMessageFilter } from '../../src/lists/filter-lists.ts';
import { alice, createTestGate, post, startProxy, type TestProxy, tokenOf } from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

const gate = createTestGate({
  scopes: {
    tools: { open: [], read: ['notes:read'], write: ['notes:write'] },
    prompts: { summary: ['notes:read'], secret: ['notes:write'] },
    resources: { 'note://1': ['notes:read'], 'note://2': ['notes:write'] },
  },
});
const nobody = tokenOf('carol');

let upstream: RecordingUpstream;
let proxy: TestProxy;
beforeEach(async () => {
  upstream = await startRecordingUpstream();
  proxy = await startProxy({ url: upstream.url, permits: gate.permits }, gate);
});
afterEach(async () => {
  await proxy.stop();
  await upstream.stop();
});

const tools = ['open', 'read', 'write', 'forgotten'].map((name) => ({ name, inputSchema: {} }));
const request = (method: string, id: unknown = 1) => ({ jsonrpc: '2.0', id, method });
const answer = (result: unknown, id: unknown = 1) => JSON.stringify({ jsonrpc: '2.0', id, result });
const answerWith = (text: string, type = 'application/json') => {
  upstream.answer = (response) => response.writeHead(200, { 'Content-Type': type }).end(text);
};
const namesIn = (text: string) =>
  [...text.matchAll(/"(?:name|uri)":"([^"]+)"/g)].map(([, name]) => name);

describe('an answer in JSON', () => {
  it.each([
    [nobody, ['open']],
    [alice, ['open', 'read']],
    // A tool that is not declared needs every scope.
    [tokenOf('dave', 'notes:read', 'notes:write'), ['open', 'read', 'write', 'forgotten']],
  ])('MCP-07: shows the tools of the caller', async (token, visible) => {
    answerWith(answer({ tools, nextCursor: 'a' }));
    const text = await (await post(proxy.url, request('tools/list'), { token })).text();

    expect(namesIn(text)).toEqual(visible);
    expect(JSON.parse(text).result.nextCursor).toBe('a');
  });

  it('MCP-07: shows the prompts and resources of the caller', async () => {
    answerWith(answer({ prompts: [{ name: 'summary' }, { name: 'secret' }] }));
    expect(namesIn(await (await post(proxy.url, request('prompts/list'))).text())).toEqual([
      'summary',
    ]);
    answerWith(answer({ resources: [{ uri: 'note://1' }, { uri: 'note://2' }] }));
    expect(namesIn(await (await post(proxy.url, request('resources/list'))).text())).toEqual([
      'note://1',
    ]);
  });

  it('MCP-07: is private, whatever the upstream says', async () => {
    answerWith(answer({ tools, cacheScope: 'public' }));
    const response = await post(proxy.url, request('tools/list'));
    expect(await response.json()).toMatchObject({ result: { cacheScope: 'private' } });
  });

  it('MCP-18: keeps every number of a schema', async () => {
    const schema = '{"minimum":1.0,"maximum":18446744073709551615,"multipleOf":1e-400}';
    answerWith(
      `{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"open","inputSchema":${schema}}]}}`,
    );
    expect(await (await post(proxy.url, request('tools/list'))).text()).toContain(schema);
  });

  it('MCP-07: filters each answer of a batch', async () => {
    answerWith(`[${answer({}, 1)},${answer({ tools }, 2)}]`);
    const text = await (
      await post(proxy.url, [request('ping', 1), request('tools/list', 2)])
    ).text();
    expect(namesIn(text)).toEqual(['open', 'read']);
  });

  it('MCP-07: drops entries without a name, also for a caller who may use everything', async () => {
    answerWith(answer({ tools: [{}, null, 'write', { name: 7 }, { name: 'open' }] }));
    const token = tokenOf('dave', 'notes:read', 'notes:write');
    const text = await (await post(proxy.url, request('tools/list'), { token })).text();
    expect(JSON.parse(text).result.tools).toEqual([{ name: 'open' }]);
  });

  it('MCP-07: a list that is cut off is 503, and no part of it gets out', async () => {
    answerWith(answer({ tools }).slice(0, -3));
    const response = await post(proxy.url, request('tools/list'));
    expect([response.status, namesIn(await response.text())]).toEqual([503, []]);
  });

  it('MCP-07: a list of more than 8 MiB is 503', async () => {
    answerWith(answer({ tools, filler: 'x'.repeat(8_388_608) }));

    expect((await post(proxy.url, request('tools/list'))).status).toBe(503);
  });

  it('passes the answer to another request byte for byte', async () => {
    const text = `{ "jsonrpc": "2.0", "id": 1, "result": { "tools": [ { "name": "write" } ] } }`;
    answerWith(text);
    expect(await (await post(proxy.url, request('ping'))).text()).toBe(text);
  });
});

describe('a stream of events', () => {
  const notification =
    'event: message\nid: 4\ndata: {"jsonrpc":"2.0","method":"notifications/a"}\n\n';

  it.each([
    ['line feeds', '\n'],
    ['carriage returns and line feeds', '\r\n'],
    ['carriage returns', '\r'],
  ])('MCP-07: with %s is filtered', async (_name, end) => {
    const events = `${notification}event: message\nid: 5\ndata: ${answer({ tools })}\n\n`;
    answerWith(events.replaceAll('\n', end), 'text/event-stream');
    const text = await (await post(proxy.url, request('tools/list'))).text();

    expect(namesIn(text)).toEqual(['open', 'read']);
    expect(text).toContain('id: 5');
    expect(text).toContain('notifications/a');
  });

  it('MCP-07: of the server itself is filtered, since it may repeat an answer', async () => {
    answerWith(`data: ${answer({ tools })}\n\n`, 'text/event-stream');
    const headers = { Authorization: `Bearer ${alice}`, Accept: 'text/event-stream' };
    const text = await (await fetch(proxy.url, { headers })).text();
    expect(namesIn(text)).toEqual(['open', 'read']);
  });

  it('MCP-07: is filtered wherever it is cut into pieces, and in data of several lines', () => {
    const whole = Buffer.from(
      `: comment\r\n\r\n${notification}data: {"jsonrpc":"2.0","id":1,\ndata:"result":{"a":"é","tools":[]}}\n\nid: 9\n\n`,
    );
    const run = (pieces: readonly Buffer[]) => {
      const filter = createEventFilter((text) => JSON.stringify(JSON.parse(text)));
      return [...pieces.map((piece) => filter.push(piece)), filter.end()].join('');
    };
    const expected = run([whole]);
    expect(expected).toContain('data: {"jsonrpc":"2.0","id":1,"result":{"a":"é","tools":[]}}\n\n');
    for (let first = 1; first < whole.length; first += 1) {
      for (const second of [first + 1, first + 7]) {
        expect(
          run([whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)]),
        ).toBe(expected);
      }
    }
  });

  it('MCP-07: that ends within an event sends nothing of it', () => {
    const filter = createEventFilter((text) => text);

    expect(filter.push(Buffer.from('data: {}\n\ndata: {"cut":'))).toBe('data: {}\n\n');
    expect(filter.end()).toBe('');
  });

  it('MCP-07: with a byte order mark is filtered', async () => {
    answerWith(`\ufeffdata: ${answer({ tools })}\n\n`, 'text/event-stream');
    const text = await (await post(proxy.url, request('tools/list'))).text();
    expect(namesIn(text)).toEqual(['open', 'read']);
  });

  it('MCP-20: an event without end is cut off', async () => {
    upstream.answer = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const fill = () => {
        while (!response.destroyed && response.write('data: '.padEnd(65_536, 'x')));
      };
      response.on('drain', fill);
      fill();
    };
    const text = await (await post(proxy.url, request('tools/list'))).text();
    expect(text).toMatch(/^\n*event: message\ndata: \{"jsonrpc":"2.0","id":1,"error"/);
  });
});

it('may be kept for all callers where it is the same for all', () => {
  const securitySchemes = () => [{ type: 'noauth' }];
  const filter = createMessageFilter({ permits: undefined, securitySchemes }, undefined);

  expect(filter({ result: { tools: [{ name: 'open' }], cacheScope: 'public' } })).toMatchObject({
    result: { tools: [{ name: 'open', securitySchemes: securitySchemes() }], cacheScope: 'public' },
  });
});

it('shows everything without the option, byte for byte', async () => {
  const open = await startProxy({ url: upstream.url }, gate);
  answerWith(answer({ tools, cacheScope: 'public' }));
  expect(await (await post(open.url, request('tools/list'))).text()).toBe(
    answer({ tools, cacheScope: 'public' }),
  );
  await open.stop();
});
