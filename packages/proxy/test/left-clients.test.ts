/** Requests that are over before the upstream is asked: a host may do something between the gate and the upstream. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCommandUpstream, createHttpUpstream, type Upstream } from '../src/index.ts';
import {
  begin,
  call,
  headersOf,
  initialize,
  readAnswer,
  textOf,
  trialServer,
} from './command/set-up.ts';
import { alice, createTestGate, listen, ping, stopServer } from './fixture.ts';
import { startRecordingUpstream } from './recording-upstream.ts';

type Ending = 'left' | 'answered';
const endings: readonly (readonly [string, Ending])[] = [
  ['whose client has left', 'left'],
  ['that its host has answered', 'answered'],
];

/** A host that waits for the end of the request that a test calls late, and only then asks the upstream. */
async function start(upstream: Upstream) {
  let arrived = Promise.withResolvers<void>();
  let handled = Promise.withResolvers<void>();
  const gated = nodeGate(createTestGate(), async (request, response, body) => {
    const { 'x-late': late } = request.headers;
    if (late === undefined) return upstream.handle(request, response, body);
    const closed = once(response, 'close');
    if (late === 'answered') response.writeHead(504).end();
    arrived.resolve();
    await closed;
    handled.resolve(upstream.handle(request, response, body));
  });
  const server = createServer(gated);
  server.keepAliveTimeout = 120_000;
  const url = await listen(server, '/mcp');
  onTestFinished(async () => {
    await upstream.close();
    await stopServer(server);
  });

  const send = (body: unknown, headers: Record<string, string> = {}, given: RequestInit = {}) =>
    fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        Authorization: `Bearer ${alice}`,
        Accept: 'application/json, text/event-stream',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...given,
    });

  /** Resolves when the upstream has seen a request that was over, and rejects if it throws. */
  async function sendLate(
    ending: Ending,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<void> {
    arrived = Promise.withResolvers<void>();
    handled = Promise.withResolvers<void>();
    const abort = new AbortController();
    const sent = send(body, { ...headers, 'X-Late': ending }, { signal: abort.signal });
    if (ending === 'answered') expect((await sent).status).toBe(504);
    else {
      await arrived.promise;
      abort.abort();
      await expect(sent).rejects.toThrow();
    }
    await handled.promise;
  }

  return { send, sendLate };
}

describe.each(endings)('a request %s', (_name, ending) => {
  it('MCP-20: never reaches an HTTP upstream', async () => {
    const recording = await startRecordingUpstream();
    onTestFinished(() => recording.stop());
    const upstream = createHttpUpstream({ url: recording.url });
    const { sendLate } = await start(upstream);

    await sendLate(ending, ping);
    await upstream.close();
    await sendLate(ending, ping);

    expect(recording.seen).toEqual([]);
  });

  it('MCP-21: never reaches a child process, and costs no other request', async () => {
    const upstream = createCommandUpstream({
      command: process.execPath,
      args: [trialServer],
      environment: process.env,
      startTimeoutSeconds: 90,
      // Closing waits for open requests, and none of these is.
      drainSeconds: 600,
    });
    const { send, sendLate } = await start(upstream);
    const running = {
      post: (body: unknown, { session = '' } = {}) => send(body, { 'Mcp-Session-Id': session }),
    };
    const { session, use } = await begin(running as never);
    const named = { 'Mcp-Session-Id': session };

    await sendLate(ending, undefined, named);
    await sendLate(ending, { jsonrpc: '2.0', method: 'notifications/initialized' }, named);
    await sendLate(ending, call('pid'));
    expect(await use('echo', { text: 'a' })).toBe('a');

    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const toolCall = (name: string) => ({
      ...call(name),
      params: { name, arguments: { text: 'remembered' }, _meta: meta },
    });
    await sendLate(ending, toolCall('remember'), headersOf(toolCall('remember')));
    const recalled = await send(toolCall('recall'), headersOf(toolCall('recall')));
    expect(textOf(await readAnswer(recalled))).toBe('');
  });
});

it('MCP-21: the child process of a client that leaves while it starts is ended, and did not fail', async () => {
  const events: { readonly type: string; readonly [name: string]: unknown }[] = [];
  const started = Promise.withResolvers<void>();
  const upstream = createCommandUpstream({
    command: process.execPath,
    args: ['-e', 'console.error("started"); setInterval(() => {}, 60_000)'],
    environment: process.env,
    onEvent(event) {
      events.push(event);
      if (event.type === 'child_stderr') started.resolve();
    },
  });
  const { send } = await start(upstream);
  const abort = new AbortController();
  const sent = send(initialize(), {}, { signal: abort.signal });
  sent.catch(() => {});
  await started.promise;
  abort.abort();

  await expect
    .poll(() => events)
    .toContainEqual(expect.objectContaining({ type: 'child_stopped', reason: 'session_over' }));
  expect(events.map(({ type }) => type)).not.toContain('child_failed');
});
