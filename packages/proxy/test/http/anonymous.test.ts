/** Anonymous callers of servers behind the proxy. */
import { createServer } from 'node:http';
import type { OperationalEvent } from '@sallyport/core';
import { anonymousAccess, createSecuritySchemes } from '@sallyport/mcp-adapter/anonymous';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { expect, it, onTestFinished } from 'vitest';
import { createCommandUpstream, type HttpUpstreamOptions } from '../../src/index.ts';
import { alice, call, createTestGate, listen, post, startProxy, stopServer } from '../fixture.ts';
import { startRecordingUpstream } from '../recording-upstream.ts';

const tools = { open: [], read: ['notes:read'], write: ['notes:write'] };
const anonymous = anonymousAccess({ tools: ['search'] });
const gate = createTestGate({ scopes: { tools }, anonymous });

async function start(options: Partial<HttpUpstreamOptions> = {}) {
  const upstream = await startRecordingUpstream();
  const proxy = await startProxy({ url: upstream.url, ...options }, gate);
  onTestFinished(async () => {
    await proxy.stop();
    await upstream.stop();
  });
  const send = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(proxy.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { upstream, proxy, send };
}

it('MCP-22: an anonymous call has no assertion, and nothing that an upstream takes for a caller', async () => {
  const { upstream, proxy, send } = await start();
  const forged = {
    'X-Forwarded-User': 'admin',
    'X-Forwarded-For': '10.0.0.1',
    'Remote-User': 'admin',
    Cookie: 'session=admin',
    'X-HTTP-Method-Override': 'DELETE',
  };
  const answer = await send(call('search'), forged);
  await post(proxy.url, call('search'));

  expect(answer.status).toBe(200);
  const [seen, signedIn] = upstream.seen;
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
    ...['accept', 'accept-encoding', 'accept-language', 'connection', 'content-length'],
    ...['content-type', 'host'],
  ]);
  expect(signedIn?.headers.authorization).toMatch(/^Bearer ey/);
});

it.each([
  [401, 'anonymous_refused'],
  [403, 'anonymous_refused'],
  [500, 'status'],
])('MCP-22, MCP-20: %i of the upstream to an anonymous call is 503', async (status, reason) => {
  const { upstream, proxy, send } = await start();
  upstream.answer = (response) => response.writeHead(status).end();

  expect((await send(call('search'))).status).toBe(503);
  expect(proxy.events).toContainEqual(
    expect.objectContaining({
      type: 'upstream_unavailable',
      reason,
      status,
    }),
  );
});

it('MCP-22, MCP-07: a list shows what everybody may use, and which tools need a token', async () => {
  const securitySchemes = createSecuritySchemes({ tools, anonymous });
  const { upstream, proxy, send } = await start({ permits: gate.permits, securitySchemes });
  const names = ['search', 'open', 'read', 'write', 'forgotten'];
  const listed = names.map((name) => ({ name, inputSchema: {}, _meta: { own: 1 } }));
  upstream.answer = (response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools: listed } }));
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const read = async (response: Response) =>
    ((await response.json()) as { result: { tools: unknown } }).result.tools;
  const noauth = [{ type: 'noauth' }, { type: 'oauth2', scopes: [] }];
  const withSchemes = (name: string, schemes: unknown) => ({
    name,
    inputSchema: {},
    _meta: { own: 1, securitySchemes: schemes },
    securitySchemes: schemes,
  });

  expect(await read(await send(list))).toEqual([withSchemes('search', noauth)]);
  expect(await read(await post(proxy.url, list, { token: alice }))).toEqual([
    withSchemes('search', noauth),
    withSchemes('open', [{ type: 'oauth2', scopes: [] }]),
    withSchemes('read', [{ type: 'oauth2', scopes: ['notes:read'] }]),
  ]);
});

it('MCP-22: a tool that is on no list, or has no name, passes as the server described it', async () => {
  const asked: unknown[] = [];
  const schemesOf = createSecuritySchemes({ tools, anonymous });
  const securitySchemes = (tool: string) => {
    asked.push(tool);
    return schemesOf(tool);
  };
  const { upstream, proxy } = await start({ securitySchemes });
  const nameless = '{"inputSchema":{"type":"object"}}';
  const forgotten = '{"name":"forgotten","inputSchema":{},"securitySchemes":[{"type":"noauth"}]}';
  upstream.answer = (response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(
        `{"jsonrpc":"2.0","id":1,"result":{"tools":[${forgotten},${nameless},{"name":"open"}]}}`,
      );

  const answer = await post(proxy.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const text = await answer.text();
  expect(asked).toEqual(['forgotten', 'open']);
  expect(text).toContain(`[${forgotten},${nameless},{"name":"open",`);
  expect(text).toContain('"_meta":{"securitySchemes":[{"type":"oauth2","scopes":[]}]}');
});

it('MCP-22: no child process starts for an anonymous caller', async () => {
  const events: OperationalEvent[] = [];
  const upstream = createCommandUpstream({
    command: process.execPath,
    args: ['-e', 'process.exit(1)'],
    environment: process.env,
    onEvent: (event) => events.push(event),
  });
  const server = createServer(nodeGate(gate, upstream.handle));
  const url = await listen(server, '/mcp');
  onTestFinished(async () => {
    await upstream.close();
    await stopServer(server);
  });
  const body = JSON.stringify(call('search'));
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });

  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('This server needs a signed-in caller');
  expect(events).toEqual([]);
});

it('MCP-22: a request without a gate is not anonymous', async () => {
  const { upstream, proxy } = await start();
  const bare = createServer((request, response) => {
    void proxy.upstream.handle(request as never, response, call('search'));
  });
  const url = await listen(bare);
  onTestFinished(() => stopServer(bare));

  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(503);
  expect(upstream.seen).toEqual([]);
});
