/** Callers without a token, in front of every host and of servers of both SDK lines. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import {
  type AuditEvent,
  AuthError,
  type AuthorizationRule,
  type OperationalEvent,
} from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBoundedReads } from '../../src/anonymous/bounded-reads.ts';
import { toToolResult } from '../../src/anonymous/tool-result.ts';
import { anonymousAccess, createSecuritySchemes } from '../../src/anonymous.ts';
import type { McpGateOptions } from '../../src/gate/mcp-gate.ts';
import { presentRequest } from '../../src/hosts/node-http.ts';
import { nodeGate } from '../../src/node.ts';
import {
  createTestGate,
  createTestGuard,
  issuer,
  metadataUrl,
  tokens,
  toolCall,
} from '../fixture.ts';
import { hosts } from '../node-hosts.ts';
import { keepSessions } from '../sessions/kept-sessions.ts';

const list = anonymousAccess({ tools: ['whoami'], methods: ['resources/read'] });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const request = (method: string, params: object = {}, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const notification = (method: string, params: object = {}) => ({ jsonrpc: '2.0', method, params });

interface Sent {
  readonly body?: unknown;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

async function start(options: Partial<McpGateOptions> = {}, handler = show) {
  const events: AuditEvent[] = [];
  const notes: OperationalEvent[] = [];
  const gate = createTestGate(
    { anonymous: list, onEvent: (event) => notes.push(event), ...options },
    events,
  );
  const server = createServer(nodeGate(gate, handler)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const send = ({ body, method = 'POST', path = '/mcp', headers = {} }: Sent) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { gate, events, notes, port, send };
}

const show: Parameters<typeof nodeGate>[1] = ({ auth, headers }, response, body) => {
  const session = headers['mcp-session-id'];
  response.end(JSON.stringify({ caller: auth?.extra.subject ?? null, body, session }));
};

const page = { uri: 'file:///public' };
const listed: readonly (readonly [name: string, body: unknown])[] = [
  ['a call of a listed tool', toolCall('whoami')],
  ['the first message of a client', request('initialize', { protocolVersion: '2025-11-25' })],
  ['the second message of a client', notification('notifications/initialized')],
  ['a ping', request('ping')],
  ['the list of tools', request('tools/list')],
  ['the discovery of 2026-07-28', request('server/discover')],
  ['a listed method', request('resources/read', page)],
  ['a batch of these', [toolCall('whoami'), request('ping', {}, 2)]],
];
const unlisted: readonly (readonly [name: string, body: unknown])[] = [
  ['another tool', toolCall('list')],
  ['a tool without scopes that is not listed', toolCall('open')],
  ['a tool that nobody knows', toolCall('unknown')],
  ['a tool in another case', toolCall('Whoami')],
  ['a tool with a space', toolCall('whoami ')],
  ['a tool in an array', request('tools/call', { name: ['whoami'] })],
  ['a call without a tool', request('tools/call')],
  ['another method', request('resources/list')],
  ['a method in another case', request('TOOLS/LIST')],
  ['an unknown method', request('admin/reset')],
  ['a resource that needs a scope', request('resources/read', { uri: 'file:///private' })],
  ['a stream', request('subscriptions/listen', { notifications: {} })],
  ['a response', { jsonrpc: '2.0', id: 1, result: {} }],
  ['the end of a call', notification('notifications/cancelled', { requestId: 1 })],
  ['a batch that ends with another tool', [toolCall('whoami'), toolCall('delete', 2)]],
  ['a batch that begins with another tool', [toolCall('delete'), toolCall('whoami', 2)]],
  ['a batch with a response', [toolCall('whoami'), { jsonrpc: '2.0', id: 1, result: {} }]],
  ['a batch in a batch', [[toolCall('whoami')]]],
  ['no JSON', '{"jsonrpc"'],
  ['no message', {}],
  ['nothing', ''],
  ['more than 64 KiB', { ...toolCall('whoami'), padding: 'x'.repeat(65_536) }],
];
const scopes: McpGateOptions['scopes'] = {
  tools: { open: [], list: ['notes:read'], delete: ['notes:read', 'notes:write'] },
  resources: { 'file:///public': [], 'file:///private': ['notes:read'] },
};

describe('MCP-22: without a token', () => {
  it.each(listed)('%s reaches the server, without a caller', async (_name, body) => {
    const { send, events } = await start({ scopes });
    const response = await send({ body });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ caller: null, body });
    expect(events.map(({ event, issuer: from, subject }) => [event, from, subject])).toEqual([
      ['authorized', 'urn:sallyport:anonymous', '127.0.0.1'],
    ]);
  });

  it.each(unlisted)('%s gets the challenge', async (_name, body) => {
    const { send, events } = await start({ scopes });
    const response = await send({ body });

    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain(
      `resource_metadata="${metadataUrl}"`,
    );
    expect(events.map(({ event, code }) => [event, code])).toEqual([
      ['refused', 'credentials_missing'],
    ]);
  });

  it.each(['GET', 'DELETE'])('%s needs a token, and asks nobody to sign in', async (method) => {
    const { send } = await start();

    expect((await send({ method })).status).toBe(405);
    expect((await send({ method, headers: bearer('bad') })).status).toBe(401);
    expect((await send({ method, headers: bearer(tokens.none) })).status).toBe(200);
  });

  it('the challenge names the scopes of the first message that needs a token', async () => {
    const { send, events } = await start({ scopes });
    const body = [toolCall('whoami'), toolCall('delete', 2), toolCall('list', 3)];
    const response = await send({ body });

    expect(response.headers.get('WWW-Authenticate')).toContain('scope="notes:read notes:write"');
    expect(events).toMatchObject([{ event: 'refused', operation: 'tools/call delete' }]);
  });

  it('no host lets what middleware found stand for the caller', async () => {
    const anonymous = anonymousAccess({ tools: ['whoami'] });
    const { gate, port } = await start({ anonymous }, ({ auth }, response) => {
      response.end(String(auth));
    });
    const forged = createServer((incoming, response) => {
      Object.assign(incoming, { auth: { clientId: 'admin' }, body: undefined });
      return nodeGate(gate, ({ auth }, answer) => void answer.end(String(auth)))(
        incoming,
        response,
      );
    }).listen(0, '127.0.0.1');
    await once(forged, 'listening');
    onTestFinished(() => void forged.close());
    const { port: forgedPort } = forged.address() as AddressInfo;
    for (const at of [port, forgedPort]) {
      const response = await fetch(`http://127.0.0.1:${at}/mcp`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Connection: 'close' },
        body: JSON.stringify(toolCall('whoami')),
      });
      expect(await response.text()).toBe('undefined');
    }
  });

  it.each(Object.keys(hosts))('%s admits what is listed, and nothing else', async (name) => {
    const host = await (hosts[name] as NonNullable<(typeof hosts)[string]>)(
      createTestGate({ anonymous: list }),
    );
    onTestFinished(() => host.close());
    const send = (body: unknown) =>
      fetch(`${host.url}/mcp`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });

    expect(await (await send(toolCall('whoami'))).text()).toBe('reached');
    expect((await send(toolCall('delete'))).status).toBe(401);
  });
});

describe('MCP-22: a credential', () => {
  it.each<[string, Sent]>([
    ['a bad token', { headers: bearer('bad') }],
    ['an empty field', { headers: { Authorization: '' } }],
    ['a field without a token', { headers: { Authorization: 'Bearer' } }],
    ['another scheme', { headers: { Authorization: 'Basic dXNlcjpwYXNz' } }],
    ['a DPoP proof alone', { headers: { DPoP: 'proof' } }],
    ['a token in the query', { path: '/mcp?access_token=bad' }],
    ['the field of a proxy', { headers: { 'X-Forwarded-Access-Token': 'bad' } }],
    ['an assertion of a proxy', { headers: { 'X-Goog-IAP-JWT-Assertion': 'bad' } }],
    ['a key', { headers: { 'X-API-Key': 'bad' } }],
  ])('%s is refused for a listed tool', async (_name, sent) => {
    const { send, events } = await start();
    const response = await send({ ...sent, body: toolCall('whoami') });

    expect([400, 401]).toContain(response.status);
    expect(events.map(({ event }) => event)).toEqual(['refused']);
  });

  it('a good token calls a listed tool as its caller, whatever its scopes are', async () => {
    const { send } = await start({ scopes });
    for (const token of [tokens.none, tokens.read]) {
      const response = await send({ headers: bearer(token), body: toolCall('whoami') });
      expect(await response.json()).toMatchObject({ caller: 'user-1' });
    }
  });
});

describe('MCP-22: the bodies of strangers', () => {
  it('are not read without a list', async () => {
    const gate = createTestGate();
    let reads = 0;
    const decision = await gate.handle({
      method: 'POST',
      target: '/mcp',
      host: 'mcp.example.com',
      field: () => [],
      clientAddress: '192.0.2.1',
      signal: new AbortController().signal,
      async readJson() {
        reads += 1;
        return { ok: true, value: toolCall('whoami') };
      },
    });

    expect(decision).toMatchObject({ pass: false, answer: { status: 401 } });
    expect(reads).toBe(0);
  });

  it('are limited for each address in each minute, and a token still passes', async () => {
    let time = 0;
    const anonymous = anonymousAccess({ tools: ['whoami'], maximumRequestsPerMinute: 2 });
    const { send, notes } = await start({ anonymous, now: () => time });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await send({ body: toolCall('whoami') })).status);
    }
    const withToken = await send({ headers: bearer(tokens.none), body: toolCall('whoami') });
    time += 60_000;
    statuses.push((await send({ body: toolCall('whoami') })).status);

    expect(statuses).toEqual([200, 200, 401, 401, 200]);
    expect(withToken.status).toBe(200);
    expect(notes.filter(({ type }) => type === 'anonymous_limited')).toEqual([
      { type: 'anonymous_limited', limit: 'requests_of_address' },
    ]);
  });

  it('are read 16 at a time for each address', async () => {
    const { send, port, notes } = await start();
    const slow = Array.from({ length: 16 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.write('POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{');
      return socket;
    });
    onTestFinished(() => {
      for (const socket of slow) socket.destroy();
    });
    const status = async () => (await send({ body: toolCall('whoami') })).status;
    await expect.poll(status, { interval: 20 }).toBe(401);
    const withToken = await send({ headers: bearer(tokens.none), body: toolCall('whoami') });
    for (const socket of slow) socket.destroy();

    expect(withToken.status).toBe(200);
    expect(notes).toContainEqual({ type: 'anonymous_limited', limit: 'reads_of_address' });
    await expect.poll(status, { interval: 20 }).toBe(200);
  });

  it('are no longer read after their time, and the connection still gets an answer', async () => {
    const notes: OperationalEvent[] = [];
    const reads = createBoundedReads({
      maximumRequestsPerMinute: 10,
      timeoutMs: 20,
      report: (event) => notes.push(event),
      now: Date.now,
    });
    const server = createServer(async (incoming, response) => {
      const presented = presentRequest(incoming, response, 0);
      const read = await reads.read(presented, (bounded) => bounded.readJson(1_000));
      response.end(JSON.stringify(read));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
      server.close();
    });
    const head = 'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n';
    socket.write(`${head}{`);
    const [first] = await once(socket, 'data');
    // The rest of the body, and the next request.
    socket.write(`"a"${head}null`);
    const [second] = await once(socket, 'data');

    expect(String(first)).toContain('{"ok":false,"fault":"body_too_large"}');
    expect(String(second)).toContain('"value":null');
    expect(notes).toEqual([{ type: 'anonymous_limited', limit: 'time' }]);
  });
});

describe('MCP-22: an answer', () => {
  it('ends when a rule refuses its caller by now, as the answer to every other caller', async () => {
    let refuse = (_refusal: AuthError): void => expect.unreachable();
    const rule: AuthorizationRule = {
      name: 'denial',
      check: () => undefined,
      watch(_about, end) {
        refuse = end;
        return () => {};
      },
    };
    const { send } = await start({ guard: createTestGuard({ rules: [rule] }) }, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n');
    });
    const response = await send({ body: toolCall('whoami') });
    refuse(new AuthError('caller_denied'));

    expect(await response.text()).toBe(': open\n\n');
  });
});

describe('MCP-22: a session', () => {
  const initialize = request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  });

  it('of a stranger is never joined by a caller, nor the other way round', async () => {
    const anonymous = anonymousAccess({ tools: ['whoami'] });
    const { send } = await start({ anonymous }, keepSessions());
    const open = async (headers: Record<string, string>) => {
      const response = await send({ body: initialize, headers });
      await response.text();
      return { 'Mcp-Session-Id': response.headers.get('Mcp-Session-Id') ?? '' };
    };
    const call = async (headers: Record<string, string>) =>
      (await send({ body: toolCall('whoami', 2), headers })).status;
    const strangers = await open({});
    const callers = await open(bearer(tokens.none));

    expect(await call(strangers)).toBe(200);
    expect(await call({ ...callers, ...bearer(tokens.none) })).toBe(200);
    expect(await call({ ...strangers, ...bearer(tokens.none) })).toBe(404);
    expect(await call(callers)).toBe(404);
    const cancel = (headers: Record<string, string>) =>
      send({ body: notification('notifications/cancelled', { requestId: 7 }), headers });
    expect((await cancel(strangers)).status).toBe(202);
    expect((await cancel(callers)).status).toBe(401);
    expect((await send({ method: 'GET', headers: strangers })).status).toBe(405);
    expect((await send({ method: 'DELETE', headers: strangers })).status).toBe(405);
  });

  it('cannot belong to a caller whom a careless verifier gives no name', async () => {
    const nameless = createTestGuard({
      verify: async () =>
        ({ issuer, scopes: new Set(), expiresAt: 4e9, claims: {}, audience: [] }) as never,
    });
    const anonymous = anonymousAccess({ tools: ['whoami'] });
    const { send } = await start({ anonymous, guard: nameless }, keepSessions());
    const response = await send({ body: initialize });
    await response.text();
    const session = { 'Mcp-Session-Id': response.headers.get('Mcp-Session-Id') ?? '' };

    const joined = await send({
      body: toolCall('whoami'),
      headers: { ...session, ...bearer('x') },
    });
    expect(joined.status).toBe(404);
  });
});

describe('MCP-22: as a tool result', () => {
  const anonymous = anonymousAccess({ tools: ['whoami'], challenge: 'tool-result' });

  it.each([
    ['a missing token', {}, 'invalid_token', 'Authentication required'],
    [
      'a missing scope',
      bearer(tokens.read),
      'insufficient_scope',
      'The access token lacks a required scope',
    ],
  ])('the answer to %s has the challenge', async (_name, headers, error, description) => {
    const { send } = await start({ anonymous });
    const response = await send({ body: toolCall('delete', 7), headers });

    expect(response.status).toBe(200);
    expect(response.headers.get('WWW-Authenticate')).toBeNull();
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: {
        resultType: 'complete',
        isError: true,
        content: [{ type: 'text', text: description }],
        _meta: {
          'mcp/www_authenticate': [
            `Bearer error="${error}", error_description="${description}", scope="notes:read notes:write", resource_metadata="${metadataUrl}"`,
          ],
        },
      },
    });
  });

  it('a refusal that no other token would change stays 403', () => {
    const headers = { 'WWW-Authenticate': `Bearer resource_metadata="${metadataUrl}"` };

    expect(toToolResult({ status: 403, headers, body: '{}' }, toolCall('delete'))).toBeUndefined();
  });

  it('a token that is refused after the body was read is answered over HTTP, as before it', () => {
    const headers = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };

    expect(toToolResult({ status: 401, headers, body: '{}' }, toolCall('delete'))).toBeUndefined();
  });

  it.each<[string, number, Sent]>([
    ['a bad token', 401, { headers: bearer('bad'), body: toolCall('delete') }],
    ['a batch', 401, { body: [toolCall('delete')] }],
    ['another method', 401, { body: request('prompts/list') }],
    ['a call without an id', 401, { body: notification('tools/call', { name: 'delete' }) }],
  ])('the answer to %s stays %i', async (_name, status, sent) => {
    const { send } = await start({ anonymous });

    expect((await send(sent)).status).toBe(status);
  });
});

describe('MCP-22: the list', () => {
  it.each([
    ['an empty list', {}, 'is an empty list'],
    ['a pattern', { tools: ['read_*'] }, 'must have exact names'],
    ['an empty name', { tools: [''] }, 'must have exact names'],
    ['every tool', { methods: ['tools/call'] }, 'would open every tool'],
    ['a stream', { methods: ['subscriptions/listen'] }, 'always need a token'],
    ['tasks', { methods: ['tasks/get'] }, 'the task of a caller'],
    ['another spelling', { methods: ['Resources/List'] }, 'MCP writes it in another way'],
    ['no limit', { tools: ['a'], maximumRequestsPerMinute: 0 }, 'must be from 1 to 100000'],
    ['an unknown option', { tool: ['a'] }, 'tools'],
    ['an unknown challenge', { tools: ['a'], challenge: 'off' }, 'tool-result'],
  ])('refuses %s', (_name, options, problem) => {
    expect(() => anonymousAccess(options as never)).toThrow(problem);
  });

  it.each([
    ['a tool', { tools: ['delete'] }, {}, 'delete, which needs the scopes notes:read notes:write'],
    [
      'the method of a tool',
      { tools: ['whoami'] },
      { methods: { 'tools/call': ['notes:read'] } },
      'whoami, which needs the scopes notes:read',
    ],
    [
      'a method',
      { methods: ['prompts/list'] },
      { methods: { 'prompts/list': ['notes:read'] } },
      'prompts/list, which needs the scopes notes:read',
    ],
    [
      'a tool whose scopes depend',
      { tools: ['maybe'] },
      { tools: { maybe: { scopes: ['notes:read'], choose: () => [] } } },
      'maybe, which needs the scopes notes:read',
    ],
  ])('refuses %s that also needs scopes', (_name, options, others, problem) => {
    const anonymous = anonymousAccess(options);
    expect(() => createTestGate({ anonymous, scopes: { ...scopes, ...others } })).toThrow(problem);
  });

  it('opens the handshake only as far as no scope is declared for it', async () => {
    const { send } = await start({
      anonymous: anonymousAccess({ tools: ['whoami'] }),
      scopes: { ...scopes, methods: { 'tools/list': ['notes:read'] } },
    });

    expect((await send({ body: request('tools/list') })).status).toBe(401);
    expect((await send({ body: toolCall('whoami') })).status).toBe(200);
  });

  it('shows to strangers what they may use (MCP-07)', () => {
    const gate = createTestGate({ anonymous: list, scopes });
    const resource = (name: string) => ({ resource: `file:///${name}` });

    expect(gate.permits(undefined, { tool: 'whoami' })).toBe(true);
    expect(gate.permits(undefined, { tool: 'open' })).toBe(false);
    expect(gate.permits(undefined, resource('public'))).toBe(true);
    expect(gate.permits(undefined, resource('private'))).toBe(false);
    expect(gate.permits(undefined, { prompt: 'any' })).toBe(false);
    expect(gate.permits({ scopes: [] }, { tool: 'whoami' })).toBe(true);
    expect(createTestGate().permits(undefined, { tool: 'whoami' })).toBe(false);
  });

  it('says in securitySchemes which tools need a token', () => {
    const { tools } = scopes;
    const schemes = createSecuritySchemes({
      tools,
      anonymous: list,
      requestName: (name) => `api/${name}`,
    });

    expect(schemes('whoami')).toEqual([{ type: 'noauth' }, { type: 'oauth2', scopes: [] }]);
    expect(schemes('list')).toEqual([{ type: 'oauth2', scopes: ['api/notes:read'] }]);
    expect(schemes('open')).toEqual([{ type: 'oauth2', scopes: [] }]);
    expect(schemes('unknown')).toBeUndefined();
    expect(schemes('constructor')).toBeUndefined();
  });
});
