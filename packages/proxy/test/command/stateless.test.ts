import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ServerStarter } from '../../src/command/process/server-process.ts';
import { startInitializedServer } from '../../src/command/stateless/initialized-server.ts';
import {
  begin,
  call,
  connectV2,
  headersOf,
  type PostOptions,
  type Running,
  readAnswer,
  readMessages,
  start,
  textOf,
} from './set-up.ts';

const native = fileURLToPath(new URL('./servers/stateless-server.ts', import.meta.url));
const revision = '2026-07-28';
const meta = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const version = 'io.modelcontextprotocol/protocolVersion';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';

const message = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params: { ...params, _meta: meta },
});
const toolCall = (name: string, given: object = {}, id: string | number = 1) =>
  message('tools/call', { name, arguments: given }, id);

const send = (running: Running, body: object, given: PostOptions = {}) =>
  running.post(body, { headers: headersOf(body), ...given });

const use = async (running: Running, name: string, given: object = {}, caller = 'alice') =>
  textOf(await readAnswer(await send(running, toolCall(name, given), { caller })));

const servers = [
  ['of an older revision', {}],
  ['that ends on what it does not know', { flags: ['crash-on-unknown'] }],
  ['that speaks the revision itself', { args: [native] }],
] as const;

describe.each(servers)('a server %s, used without sessions', (_name, options) => {
  it('answers a client of SDK v2', async () => {
    const running = await start(options);
    const client = await connectV2(running);

    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'change']));
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'hello' } });
    expect(textOf({ result: echoed })).toBe('hello');
  });

  it('tells those who listen that its tools have changed', async () => {
    const running = await start(options);
    const listen = message(
      'subscriptions/listen',
      { notifications: { toolsListChanged: true } },
      's',
    );
    const abort = new AbortController();
    const answer = await send(running, listen, { signal: abort.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const acknowledged = (await reader?.read())?.value;
    expect(acknowledged).toContain('subscriptions/acknowledged');

    await use(running, 'change');

    const changed = (await reader?.read())?.value ?? '';
    expect(changed).toContain('notifications/tools/list_changed');
    expect(changed).toContain('"io.modelcontextprotocol/subscriptionId":"s"');
    abort.abort();
  });
});

const without = (name: string) =>
  Object.fromEntries(Object.entries(meta).filter(([member]) => !member.endsWith(name)));

const wrongMeta = {
  'no _meta': [undefined, 400, -32_602],
  'no revision in _meta': [without('protocolVersion'), 400, -32_602],
  'no capabilities of the client': [without('clientCapabilities'), 400, -32_602],
  'capabilities that are no object': [{ ...meta, [capabilities]: 5 }, 400, -32_602],
  'another revision than the header': [{ ...meta, [version]: '2026-12-31' }, 400, -32_020],
} as const;

it('MCP-21: a request without a valid _meta is refused, and makes no server pass for one of an older revision', async () => {
  const running = await start({ args: [native] });
  for (const [name, [_meta, status, code]] of Object.entries(wrongMeta)) {
    const wrong = { ...message('tools/call'), params: { name: 'echo', ...(_meta && { _meta }) } };
    const refused = await send(running, wrong);
    expect(refused.status, name).toBe(status);
    expect(await refused.json(), name).toMatchObject({ error: { code } });
  }

  const discovered = await send(running, message('server/discover'));
  expect(await discovered.json()).toMatchObject({ result: { supportedVersions: [revision] } });
  // After `initialize`, a server would speak the older revision only.
  for (const method of ['acme/unknown', 'initialize']) {
    expect((await send(running, message(method))).status).toBe(404);
  }
  expect(await use(running, 'echo', { text: 'still there' })).toBe('still there');
  const listed = await send(running, message('tools/list'));
  expect(await listed.json()).toMatchObject({ result: { resultType: 'complete' } });
});

describe('a caller without sessions', () => {
  it('MCP-21: has a child process that no other caller reaches', async () => {
    const running = await start();

    const [alice, same, bob] = await Promise.all([
      use(running, 'pid'),
      use(running, 'pid'),
      use(running, 'pid', {}, 'bob'),
    ]);

    expect(same).toBe(alice);
    expect(bob).not.toBe(alice);
  });

  it('cancels for the child by closing the connection', async () => {
    const running = await start();
    const abort = new AbortController();
    const waiting = send(running, toolCall('silent'), { signal: abort.signal });
    await expect.poll(() => use(running, 'unanswered')).toBe('1');
    abort.abort();
    await expect(waiting).rejects.toThrow();

    await expect.poll(() => use(running, 'recall')).toMatch(/^cancelled \d+$/);
  });

  it.each([
    [
      'a client that takes neither JSON nor a stream',
      406,
      'POST',
      toolCall('pid'),
      { ...headersOf(toolCall('pid')), Accept: 'text/html' },
    ],
    ['GET', 405, 'GET', undefined, { 'MCP-Protocol-Version': revision }],
    ['DELETE', 405, 'DELETE', undefined, { 'MCP-Protocol-Version': revision }],
    ['ping', 404, 'POST', message('ping'), headersOf(message('ping'))],
    ['initialize', 404, 'POST', message('initialize'), headersOf(message('initialize'))],
    [
      'logging/setLevel',
      404,
      'POST',
      message('logging/setLevel'),
      headersOf(message('logging/setLevel')),
    ],
    ['a later revision', 400, 'POST', call('pid'), { 'MCP-Protocol-Version': '2027-01-01' }],
    [
      'a subscription to nothing',
      400,
      'POST',
      message('subscriptions/listen'),
      headersOf(message('subscriptions/listen')),
    ],
    [
      'a notification',
      202,
      'POST',
      { jsonrpc: '2.0', method: 'notifications/x' },
      { 'MCP-Protocol-Version': revision },
    ],
    [
      'a call without Mcp-Method',
      400,
      'POST',
      toolCall('pid'),
      { 'MCP-Protocol-Version': revision, 'Mcp-Name': 'pid' },
    ],
    [
      'a call without Mcp-Name',
      400,
      'POST',
      toolCall('pid'),
      { 'MCP-Protocol-Version': revision, 'Mcp-Method': 'tools/call' },
    ],
    [
      'a call without MCP-Protocol-Version',
      400,
      'POST',
      toolCall('pid'),
      { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'pid' },
    ],
  ])('%s is answered with %i', async (_name, status, method, body, sent) => {
    const running = await start();

    expect((await running.post(body, { method, headers: sent })).status).toBe(status);
  });

  it.each([
    [-32_019, 200],
    [-32_020, 400],
    [-32_022, 400],
    [-32_023, 200],
  ])('gets the error %i of its process with the status that it has', async (code, status) => {
    const answer = await send(await start(), toolCall('fail', { code }));

    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { id: 1, error: { code } },
    ]);
  });

  it('is told at once that nothing it listens for will come', async () => {
    const running = await start();
    const notifications = { promptsListChanged: true };
    const answer = await send(running, message('subscriptions/listen', { notifications }, 's'));

    expect(await readMessages(answer)).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
      { id: 's', result: { resultType: 'complete' } },
    ]);
  });

  it('is told nothing that it does not listen for', async () => {
    const running = await start();
    const notifications = { toolsListChanged: true };
    const answer = await send(running, message('subscriptions/listen', { notifications }, 's'));
    await use(running, 'change', { method: 'notifications/prompts/list_changed' });
    await use(running, 'change');
    await send(running, toolCall('exit'));

    expect(await readMessages(answer)).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged' },
      { method: 'notifications/tools/list_changed' },
      { id: 's', error: {} },
    ]);
  });

  it.each([
    ['nothing about itself', 'bare', {}, []],
    [
      'that it has tools alone',
      'tools-alone',
      { tools: { listChanged: true } },
      ['io.modelcontextprotocol/serverInfo'],
    ],
  ])('discovers a server that says %s', async (_name, flag, able, names) => {
    const answer = await send(await start({ flags: [flag] }), message('server/discover'));
    const { result } = (await answer.json()) as { result: { capabilities: object; _meta: object } };

    expect([result.capabilities, Object.keys(result._meta)]).toEqual([able, names]);
  });

  it('MCP-21: gives up its idle process for a session of its own, and waits for one that is busy', async () => {
    const running = await start({ maximumProcessesPerCaller: 1 });
    await use(running, 'pid');
    const { session, use: useSession } = await begin(running);
    const held = running.post(call('hold'), { session });
    await expect.poll(() => useSession('unanswered', {}, 2)).toBe('1');

    expect((await send(running, toolCall('pid'))).status).toBe(429);
    await useSession('release', {}, 2);
    await (await held).text();
    expect(await use(running, 'recall')).toBe('');
  });

  it('MCP-21: starts another process after one that failed, unless they keep failing', async () => {
    const running = await start({ flags: ['exit-at-once'], monotonicNow: () => 0 });
    const ask = async () => (await send(running, toolCall('pid'))).text();

    expect(await ask()).toContain('could not start');
    expect(await ask()).toContain('fails repeatedly');
  });

  it('is told when its process ends, also while it only listens', async () => {
    const running = await start();
    const listen = message(
      'subscriptions/listen',
      { notifications: { toolsListChanged: true } },
      's',
    );
    const answer = await send(running, listen);
    const ended = await send(running, toolCall('exit'));

    expect(ended.status).toBe(503);
    expect(await readAnswer(answer)).toMatchObject({ id: 's', error: {} });
    expect(await use(running, 'recall')).toBe('');
  });
});

/** A server that starts slowly, and then answers what it was asked in the order of the questions. */
function startLate(last: 'both' | 'newer' | 'ends') {
  const asked: (() => void)[] = [];
  const initialized = { protocolVersion: '2025-11-25', capabilities: {} };
  const starter: ServerStarter = {
    start: async ({ onEnd }) => ({
      processId: 1,
      notify: () => true,
      end: async () => {},
      request({ method }, { onAnswer, onFailure }) {
        const error = { code: -32_022, message: 'Unsupported protocol version' };
        if (method === 'server/discover') {
          asked.push(() => onAnswer({ result: { supportedVersions: [revision] } }));
        } else {
          for (const answer of asked.splice(0)) answer();
          if (last !== 'ends') onAnswer(last === 'both' ? { result: initialized } : { error });
          else {
            onEnd({ reason: 'exited', status: '0', lifetimeMs: 0 });
            onFailure('ended');
          }
        }
        return undefined;
      },
    }),
  };
  return startInitializedServer(
    { starter, startTimeoutMs: 30, monotonicNow: () => 0 },
    { name: 'alice', isPermanent: false, prefersStateless: true, meta: {}, onEnd() {} },
  );
}

it.each<[string, 'both' | 'newer', boolean]>([
  ['an older revision when it answers both, as SDK v2 does', 'both', false],
  ['the revision without sessions when it refuses the older one', 'newer', true],
])('MCP-21: a server that was asked both questions speaks %s', async (_name, last, isStateless) => {
  // Only this process is late: the next one is asked for the revision without sessions again.
  expect(await startLate(last)).toMatchObject({ isStateless, prefersStateless: true });
});

it('MCP-21: a server that answers and ends at once is not used', async () => {
  expect(await startLate('ends')).toEqual({ fault: 'ended' });
});
