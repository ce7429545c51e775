/** What a client with a good token sends so that the gate and the server behind it see two things. */
import { describe, expect, it } from 'vitest';
import type { GateRequest, JsonBody } from '../../src/gate/gate-request.ts';
import type { McpGateOptions } from '../../src/gate/mcp-gate.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';

const ask = (
  about: Partial<GateRequest>,
  fields: Record<string, readonly string[]> = {},
  options: Partial<McpGateOptions> = {},
) => {
  const all: Record<string, readonly string[]> = {
    authorization: [`Bearer ${tokens.read}`],
    ...fields,
  };
  return createTestGate(options).handle({
    method: 'POST',
    target: '/mcp',
    host: 'mcp.example.com',
    field: (name) => all[name] ?? [],
    clientAddress: '203.0.113.7',
    signal: new AbortController().signal,
    readJson: async () => ({ ok: true, value: toolCall('list') }),
    ...about,
  });
};

describe('a request with a good token', () => {
  it.each(['a@b', 'user:password@mcp.example.com', 'a/b', 'a?b', 'a#b', 'a\\b', 'a b', '[', 'a:x'])(
    'is malformed with the Host %j',
    async (host) => {
      expect(await ask({ host })).toMatchObject({ pass: false, answer: { status: 400 } });
    },
  );

  it.each([...['TRACE', 'TRACK', 'CONNECT', 'trace'], ...['HEAD', 'OPTIONS', 'get', 'post', '']])(
    'is not answered as %s',
    async (method) => {
      expect(await ask({ method })).toMatchObject({
        pass: false,
        answer: { status: 405, headers: { Allow: 'GET, POST, DELETE' } },
      });
    },
  );

  it('has no session where it names several, of which one is its own (MCP-04)', async () => {
    const gate = createTestGate();
    const send = (sessions: readonly string[], value: unknown) =>
      gate.handle({
        method: 'POST',
        target: '/mcp',
        host: 'mcp.example.com',
        field: (name) =>
          name === 'authorization'
            ? [`Bearer ${tokens.read}`]
            : name === 'mcp-session-id'
              ? sessions
              : [],
        clientAddress: '203.0.113.7',
        signal: new AbortController().signal,
        readJson: async () => ({ ok: true, value }),
      });
    const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize' };
    const begun = await send([], initialize);
    const own = (begun.pass && begun.proveSession('own')) || '';

    expect(await send([own], toolCall('list'))).toMatchObject({
      pass: true,
      sessionId: 'own',
      hiddenFields: ['authorization', 'authorization', 'dpop'],
    });
    // Without a session, the id of an event could be that of another caller's stream.
    expect([await send([own], initialize), await send([], toolCall('list'))]).toMatchObject(
      Array(2).fill({
        pass: true,
        sessionId: undefined,
        hiddenFields: ['authorization', 'authorization', 'dpop', 'last-event-id'],
      }),
    );
    for (const sessions of [[own, 'another'], ['another', own], [own, own], [`${own}, ${own}`]]) {
      expect(await send(sessions, toolCall('list'))).toMatchObject({ answer: { status: 404 } });
    }
  });

  const body = (value: unknown): Partial<GateRequest> => ({
    readJson: async () => ({ ok: true, value }),
  });
  const unreadable = (fault: Extract<JsonBody, { ok: false }>['fault']): Partial<GateRequest> => ({
    readJson: async () => ({ ok: false, fault }),
  });
  const strangeSession = { 'mcp-session-id': [`x.s1.${'A'.repeat(22)}`] };
  const withoutBatches = { 'mcp-protocol-version': ['2026-07-28'] };
  const subscription = { resourceSubscriptions: Array(101).fill('notes://1') };

  it.each<[string, Partial<GateRequest>, Record<string, readonly string[]>, number, number]>([
    ['a long body', unreadable('body_too_large'), {}, 413, -32_600],
    ['no JSON', unreadable('body_not_json'), {}, 400, -32_700],
    ['a body that a parser has read', unreadable('body_consumed'), {}, 400, -32_600],
    ['a deep body', unreadable('body_too_deep'), {}, 400, -32_600],
    ['too many values', unreadable('body_too_complex'), {}, 400, -32_600],
    ['no message', body({}), {}, 400, -32_600],
    ['a long batch', body(Array(101).fill(toolCall('list'))), {}, 400, -32_600],
    ['a batch of a later revision', body([toolCall('list')]), withoutBatches, 400, -32_600],
    [
      'many URIs',
      body({ ...toolCall('list'), params: { notifications: subscription } }),
      {},
      400,
      -32_600,
    ],
    ['a strange session', {}, strangeSession, 404, -32_001],
    ['a header that lies', {}, { 'mcp-name': ['delete'] }, 400, -32_020],
    ['no address', { target: '*' }, {}, 400, -32_600],
    ['its token in the target', { target: `/mcp?x=${tokens.read}` }, {}, 400, -32_600],
    ['its token in the Host', { host: `${tokens.read}.example.com` }, {}, 400, -32_600],
    [
      'its token in the target, after several spaces in Authorization',
      { target: `/mcp?x=${tokens.read}` },
      { authorization: [`Bearer   ${tokens.read}`] },
      400,
      -32_600,
    ],
    ['a method that MCP does not use', { method: 'PUT' }, {}, 405, -32_600],
    ['a GET with a body', { method: 'GET', hasBody: true }, {}, 400, -32_600],
  ])('is told by a code of JSON-RPC or MCP of %s', async (_name, about, fields, status, code) => {
    const decision = await ask(about, fields);

    const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' };
    expect(decision).toMatchObject({ pass: false, answer: { status, headers } });
    expect(decision.pass ? {} : JSON.parse(decision.answer.body ?? '')).toMatchObject({
      jsonrpc: '2.0',
      error: { code, message: expect.stringMatching(/^[A-Z]/) },
    });
  });

  it('begins nothing for a client that has gone', async () => {
    expect(await ask({ method: 'GET', signal: AbortSignal.abort() })).toMatchObject({
      pass: false,
      answer: { status: 499 },
    });
  });

  it.each([
    [['https://inspector.example.com', 'https://evil.test']],
    [['https://inspector.example', '.com']],
    [['https://inspector.example.com', 'https://inspector.example.com']],
  ])('is refused with the Origin fields %j', async (origin) => {
    expect(await ask({}, { origin })).toMatchObject({
      pass: false,
      answer: { status: 403, body: '{"error_description":"Origin not allowed"}' },
    });
  });

  it('may come from a page of another site, because no browser adds its token', async () => {
    const fields = { 'sec-fetch-site': ['cross-site'], origin: ['https://inspector.example.com'] };

    expect(await ask({}, fields)).toMatchObject({ pass: true });
  });

  it('is no fault of the gate if the client leaves in the middle of the body', async () => {
    const left = new AbortController();
    const events: unknown[] = [];
    const readJson = () => {
      left.abort();
      return Promise.reject(new Error('the connection was closed'));
    };
    const onEvent = (event: unknown) => void events.push(event);
    const decision = await ask({ readJson, signal: left.signal }, {}, { onEvent });

    expect(decision).toMatchObject({ pass: false, answer: { status: 499 } });
    expect(events).toEqual([]);
  });
});

describe('a request without a good token', () => {
  const methods = [
    'server/discover',
    'initialize',
    'ping',
    'tools/list',
    'notifications/initialized',
  ];

  it.each(methods)(
    'is asked for one also for %s, before its body is read (SPEC-35)',
    async (method) => {
      const readJson = () => expect.unreachable(method);

      expect(await ask({ readJson }, { authorization: [] })).toMatchObject({
        answer: { status: 401 },
      });
    },
  );

  it('is told that the token is bad, and nothing of scopes that it lacks as well', async () => {
    const value = toolCall('delete');
    const decision = await ask(
      { readJson: async () => ({ ok: true, value }) },
      { authorization: ['Bearer bad'] },
    );

    expect(decision).toMatchObject({
      answer: {
        status: 401,
        headers: { 'WWW-Authenticate': expect.stringContaining('error="invalid_token"') },
      },
    });
  });
});

describe('a preflight', () => {
  it.each([
    'Authorization',
    'DPoP',
    'traceparent',
    'tracestate',
    'baggage',
    'X-Cloud-Trace-Context',
    'Last-Event-ID',
    'Mcp-Session-Id',
    'Mcp-Protocol-Version',
    'Mcp-Method',
    'Mcp-Name',
    'Mcp-Param-Region',
  ])('CASE-23: allows %s', async (name) => {
    const decision = await ask(
      { method: 'OPTIONS' },
      {
        origin: ['https://inspector.example.com'],
        'access-control-request-headers': [`${name}, X-Evil`],
      },
    );
    const allowed = decision.pass ? '' : decision.answer.headers['Access-Control-Allow-Headers'];

    expect(allowed?.split(', ')).toContain(name);
    expect(allowed).not.toContain('X-Evil');
  });

  it('allows the headers that tools take arguments from, and no others', async () => {
    const wanted = ['mcp-param-region, X-Evil, Mcp-Param-Tenant', 'mcp-param-a b'];
    const decision = await ask(
      { method: 'OPTIONS' },
      {
        origin: ['https://inspector.example.com'],
        'access-control-request-headers': wanted,
      },
    );
    const allowed = decision.pass ? '' : decision.answer.headers['Access-Control-Allow-Headers'];

    expect(allowed).toMatch(/, X-Cloud-Trace-Context, mcp-param-region, Mcp-Param-Tenant$/);
  });
});
