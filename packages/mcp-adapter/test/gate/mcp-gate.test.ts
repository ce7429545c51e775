import { inspect } from 'node:util';
import { type AuditEvent, AuthError, type Principal, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { anonymousAccess } from '../../src/anonymous.ts';
import {
  createMcpGate,
  type GateRequest,
  type McpGate,
  type McpGateOptions,
  protectedResourceMetadataUrl,
} from '../../src/index.ts';
import {
  createTestGate,
  createTestGuard,
  gateOptions,
  issuer,
  tokens,
  toolCall,
} from '../fixture.ts';

const fields = (values: Readonly<Record<string, string>>) => (name: string) =>
  values[name] === undefined ? [] : [values[name]];

const request: GateRequest = {
  method: 'POST',
  target: '/mcp',
  host: 'mcp.example.com',
  field: fields({ authorization: `Bearer ${tokens.read}` }),
  clientAddress: '203.0.113.7',
  signal: new AbortController().signal,
  readJson: async () => ({ ok: true, value: toolCall('list') }),
};

const isEmpty = (headers: object) => Object.keys(headers).length === 0;

const principal: Principal = Object.freeze({
  issuer,
  subject: 'user-1',
  clientId: 'client-1',
  audience: [gateOptions.resource],
  scopes: new Set(['notes:read']),
  expiresAt: 4_000_000_000,
  claims: {},
});

describe('protectedResourceMetadataUrl', () => {
  it.each([
    ['https://h.example/mcp', 'https://h.example/.well-known/oauth-protected-resource/mcp'],
    ['https://h.example/a/b', 'https://h.example/.well-known/oauth-protected-resource/a/b'],
    ['https://h.example', 'https://h.example/.well-known/oauth-protected-resource'],
    ['http://localhost:8000/mcp', 'http://localhost:8000/.well-known/oauth-protected-resource/mcp'],
    ['http://127.0.0.1:1/mcp', 'http://127.0.0.1:1/.well-known/oauth-protected-resource/mcp'],
    ['http://[::1]:1/mcp', 'http://[::1]:1/.well-known/oauth-protected-resource/mcp'],
  ])('inserts the well-known path into %s (MCP-08)', (resource, expected) => {
    expect(protectedResourceMetadataUrl(resource)).toBe(expected);
  });

  it.each([
    'http://h.example/mcp',
    'http://127.0.0.1.evil.example/mcp',
    'https://h.example/mcp/',
    'https://h.example/',
    'https://h.example/mcp?x',
    'https://h.example/mcp#x',
    'https://h.example/mcp?',
    'https://h.example/mcp/.',
    'https://h.example/a/../mcp',
    'https://h.example/m c p',
    'https://user:secret@h.example/mcp',
    'ftp://h.example/mcp',
    '/mcp',
    '',
  ])('refuses %s', (resource) => {
    expect(() => protectedResourceMetadataUrl(resource)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'gate.resource' }),
    );
    expect(() => protectedResourceMetadataUrl(resource)).not.toThrow(/secret/);
  });
});

describe('createMcpGate', () => {
  const create = (overrides: Partial<McpGateOptions>) => () =>
    createMcpGate({ ...gateOptions, guard: createTestGuard(), ...overrides });

  it.each<[string, Partial<McpGateOptions>]>([
    ['gate.resource', { resource: 'https://other.example.com/mcp' }],
    ['gate.authorizationServers', { authorizationServers: [] as unknown as [string] }],
    ['gate.authorizationServers', { authorizationServers: ['http://auth.example.com'] }],
    ['gate.maximumBodyBytes', { maximumBodyBytes: 0 }],
    ['gate.maximumBodyBytes', { maximumBodyBytes: Number.NaN }],
    ['gate.maximumStreamsPerCaller', { maximumStreamsPerCaller: 0 }],
    ['gate.maximumStreamsPerCaller', { maximumStreamsPerCaller: Number.POSITIVE_INFINITY }],
    ['gate.sessionSecret', { sessionSecret: new Secret('a'.repeat(31)) }],
    ['gate.sessionSecret', { sessionSecret: 'not a Secret' as never }],
    ['gate.streamCheckSeconds', { streamCheckSeconds: Number.NaN }],
    ['gate.allowedHosts', { allowedHosts: ['mcp.example.com:443'] }],
    ['gate.allowedOrigins', { allowedOrigins: ['https://page.example.com/'] }],
    ['gate.allowedOrigins', { allowedOrigins: ['https://page.example.com:443'] }],
    ['gate.allowedOrigins', { allowedOrigins: ['null'] }],
    ['gate.allowedOrigins', { allowedOrigins: ['*'] }],
    ['gate.authorizationServerMetadata', { authorizationServerMetadata: {} }],
    [
      'gate.authorizationServerMetadata',
      { authorizationServerMetadata: { issuer: 'https://other.example.com' } },
    ],
    ['gate.scopes', { guard: { ...createTestGuard(), initialScopes: ['offline_access'] } }],
  ])('refuses to start with a bad %s', (option, overrides) => {
    expect(create(overrides)).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
  });

  it('says how to make the guard for the resource', () => {
    expect(create({ resource: 'https://other.example.com/mcp' })).toThrow(
      'resourceMetadataUrl: protectedResourceMetadataUrl("https://other.example.com/mcp")',
    );
  });

  it('watches no stream of an anonymous caller with a guard that cannot', async () => {
    const { watch: _watch, ...guard } = createTestGuard();
    const gate = createTestGate({ guard, anonymous: anonymousAccess({ tools: ['whoami'] }) });
    const readJson = async () => ({ ok: true, value: toolCall('whoami') }) as const;
    const decision = await gate.handle({ ...request, field: fields({}), readJson });
    if (!decision.pass) return expect.fail('refused');
    const stop = decision.lease?.watch(() => expect.unreachable());

    expect(stop).toBeTypeOf('function');
    stop?.();
  });

  it('reads no body before the token is found good (MCP-12)', async () => {
    const decision = await createTestGate().handle({
      ...request,
      field: fields({ authorization: 'Bearer nobody-knows-this' }),
      readJson: () => expect.unreachable(),
    });

    expect(decision).toMatchObject({ pass: false, answer: { status: 401 } });
  });

  it('writes one audit event per checkpoint, and no byte of the token', async () => {
    const events: AuditEvent[] = [];
    await createTestGate({}, events).handle(request);

    expect(events).toMatchObject([
      { event: 'authenticated', clientKey: '203.0.113.7' },
      { event: 'authorized', operation: 'tools/call list', subject: 'user-1' },
    ]);
    expect(JSON.stringify(events)).not.toContain(tokens.read);
    await createTestGate({}, events).handle({ ...request, method: 'GET' });
    expect(events.at(-1)).toMatchObject({ event: 'authorized', operation: 'stream' });
  });

  it('records a trace only if the request names one', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const send = async (traces: readonly string[]) => {
      const events: AuditEvent[] = [];
      const field = (name: string) => (name === 'traceparent' ? traces : request.field(name));
      await createTestGate({}, events).handle({ ...request, field });
      return events.map(({ trace }) => trace?.spanId);
    };

    expect(await send([traceparent])).toEqual(['00f067aa0ba902b7', '00f067aa0ba902b7']);
    expect(await send([traceparent, traceparent])).toEqual([undefined, undefined]);
  });

  it('hands on the very body it judged', async () => {
    const value = toolCall('list');
    const decision = await createTestGate().handle({
      ...request,
      readJson: async () => ({ ok: true, value }),
    });

    expect(decision.pass && decision.body).toBe(value);
    // Without an `Origin`, no page reads the answer.
    expect(decision).toMatchObject({ headers: expect.toSatisfy((headers) => isEmpty(headers)) });
  });

  it.each([
    ['GET', undefined, false],
    ['POST', 'subscriptions/listen', false],
    ['POST', 'ping', true],
  ])(
    'opens a stream for %s %s, and counts it unless it is a call',
    async (method, name, isOfCall) => {
      const gate = createTestGate({ maximumStreamsPerCaller: 1 });
      const value = { jsonrpc: '2.0', id: 1, method: name };
      const send = () =>
        gate.handle({ ...request, method, readJson: async () => ({ ok: true, value }) });
      const decision = await send();
      let ends = 0;
      const stop = decision.pass
        ? decision.lease?.watch(() => {
            ends += 1;
          })
        : undefined;
      const further = await send();
      gate.endStreams();
      stop?.();

      expect(decision).toMatchObject({ pass: true, lease: { isOfCall } });
      expect(ends).toBe(isOfCall ? 0 : 1);
      expect(further.pass).toBe(isOfCall);
      if (!further.pass) {
        expect(further.answer).toMatchObject({ status: 429, headers: { 'Retry-After': '10' } });
        expect(JSON.parse(further.answer.body ?? '')).toMatchObject({
          error: { code: -32_000, message: expect.stringMatching(/streams/) },
          id: name === undefined ? null : 1,
        });
      }
    },
  );

  it('makes session ids with the secret that was activated last', async () => {
    const secrets = ['one', 'two'].map(
      (name) => new Secret(`${name}-2Kd8sQz5vR0wYx7Lm3Tf9Hb6Nc1Jg4P`),
    );
    const [first, second] = secrets as [Secret, Secret];
    const prove = async (gate: McpGate) => {
      const decision = await gate.handle(request);
      return decision.pass ? decision.proveSession('one') : undefined;
    };
    const gate = createTestGate({ sessionSecret: first });
    const before = await prove(gate);
    gate.replaceSessionSecret(second);

    expect(before).toMatch(/^one\.s1\./);
    expect(await prove(gate)).toBe(await prove(createTestGate({ sessionSecret: second })));
    expect(await prove(gate)).not.toBe(before);
  });

  it('answers 503 in JSON if the guard fails', async () => {
    const fail = () => Promise.reject(new Error('about the token'));
    const gate = createTestGate({ guard: { ...createTestGuard(), authorize: fail } });
    const decision = await gate.handle(request);

    expect(decision).toMatchObject({ answer: { status: 503, headers: { 'Retry-After': '5' } } });
    expect(decision.pass ? {} : JSON.parse(decision.answer.body ?? '')).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.stringMatching(/^[A-Z]/),
    });
  });

  it('answers failed attempts above the limit as OAuth does, before it knows the message', async () => {
    const guard = createTestGuard();
    const limited = { ok: false, refusal: { status: 429, headers: {}, body: { error: 'x' } } };
    const authenticate = async () => limited as never;
    const decision = await createTestGate({ guard: { ...guard, authenticate } }).handle(request);

    expect(decision).toMatchObject({ answer: { status: 429, body: '{"error":"x"}' } });
  });

  it('refuses names that lead here by deceit, before it looks at the token', async () => {
    const events: AuditEvent[] = [];
    const gate = createTestGate({ allowedHosts: ['mcp.example.com'] }, events);
    const stray = await gate.handle({ ...request, host: 'evil.example.net' });

    expect(stray).toMatchObject({ answer: { status: 403, body: expect.stringContaining('Host') } });
    expect(events).toEqual([]);
    expect(await gate.handle(request)).toMatchObject({ pass: true });
  });

  it.each<[unknown, unknown]>([
    ['abc', 'abc'],
    [0, 0],
    ['x'.repeat(256), 'x'.repeat(256)],
    ['x'.repeat(257), null],
    [undefined, null],
  ])('names the request that a refusal answers, %j, as %j', async (id, named) => {
    const decision = await createTestGate().handle({
      ...request,
      field: fields({ authorization: `Bearer ${tokens.read}`, 'mcp-name': 'another' }),
      readJson: async () => ({ ok: true, value: { ...toolCall('list'), id } }),
    });

    expect(decision.pass ? {} : JSON.parse(decision.answer.body ?? '')).toMatchObject({
      error: { code: -32_020 },
      id: named,
    });
  });

  it('takes no batch where the revision has none (MCP-03)', async () => {
    const send = (version: string) =>
      createTestGate().handle({
        ...request,
        field: fields({
          authorization: `Bearer ${tokens.read}`,
          'mcp-protocol-version': version,
        }),
        readJson: async () => ({ ok: true, value: [toolCall('list')] }),
      });

    expect(await send('2026-07-28')).toMatchObject({ pass: false, answer: { status: 400 } });
    expect(await send('2025-03-26')).toMatchObject({ pass: true });
  });

  it.each([
    [false, '[redacted]'],
    [true, tokens.read],
  ])(
    'hands the token to tools only when told: exposeToken %s (MCP-01)',
    async (exposeToken, token) => {
      const decision = await createTestGate({ exposeToken }).handle(request);

      expect(decision).toMatchObject({
        authInfo: { token },
        hiddenFields: expect.arrayContaining(['authorization', 'dpop']),
      });
    },
  );

  it.concurrent.each<[string, () => Principal, boolean]>([
    [
      'goes on while nobody can tell whether the token is good',
      () => {
        throw new AuthError('upstream_unavailable');
      },
      false,
    ],
    [
      'ends when the token was revoked',
      () => {
        throw new AuthError('token_inactive');
      },
      true,
    ],
    [
      'ends when the token lost a scope that it needs',
      () => ({ ...principal, scopes: new Set() }),
      true,
    ],
    ['goes on while the token is good', () => principal, false],
  ])('a stream %s (MCP-06)', async (_name, again, ends) => {
    const verdicts = [() => principal];
    const guard = createTestGuard({ verify: async () => (verdicts.shift() ?? again)() });
    const methods = { 'subscriptions/listen': ['notes:read'] };
    const gate = createTestGate({
      guard,
      scopes: { tools: {}, methods },
      streamCheckSeconds: 1,
    });
    const value = { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen' };
    const decision = await gate.handle({
      ...request,
      readJson: async () => ({ ok: true, value }),
    });
    let ended = false;
    const stop = decision.pass
      ? decision.lease?.watch(() => {
          ended = true;
        })
      : undefined;
    expect(stop).toBeDefined();
    if (ends) await expect.poll(() => ended).toBe(true);
    else await new Promise((resolve) => setTimeout(resolve, 1_500));
    stop?.();

    expect(ended).toBe(ends);
  });

  it('gets tokens for APIs behind the server, without showing its own (MCP-01)', async () => {
    const asked: unknown[] = [];
    const upstream = {
      token: new Secret('for-the-crm'),
      expiresAt: undefined,
      scopes: new Set([]),
    };
    const gate = createTestGate({
      tokenExchange: {
        async exchange(subjectToken, target, { expiresAt, signal }) {
          asked.push(subjectToken.reveal(), target, expiresAt, signal);
          return upstream;
        },
      },
    });
    const decision = await gate.handle(request);
    const authInfo = decision.pass ? decision.authInfo : expect.unreachable();

    expect(inspect(authInfo, { depth: 9, showHidden: true })).not.toContain(tokens.read);
    expect(await authInfo?.extra.upstreamToken?.('crm')).toBe(upstream);
    expect(asked).toEqual([tokens.read, 'crm', 4_000_000_000, request.signal]);
  });

  it('sends no API key to the authorization server, for which it is no token', async () => {
    const keyPrincipal = { ...principal, issuer: 'urn:sallyport:api-key' };
    const gate = createTestGate({
      guard: createTestGuard({ verify: async () => keyPrincipal }),
      tokenExchange: { exchange: () => expect.unreachable() },
    });
    const decision = await gate.handle(request);
    const authInfo = decision.pass ? decision.authInfo : expect.unreachable();

    await expect(authInfo?.extra.upstreamToken?.('crm')).rejects.toThrow(
      'gate.tokenExchange: has nothing to exchange: the caller has an API key',
    );
  });

  const read = (gate: McpGate, target: string) =>
    gate.handle({ ...request, method: 'GET', target, field: fields({}) });

  it('CASE-22: serves the metadata at the root unless told otherwise', async () => {
    const target = '/.well-known/oauth-protected-resource';
    const inserted = await read(createTestGate(), `${target}/mcp`);

    const without = await read(createTestGate({ metadataAtRoot: false }), target);
    expect(without).toMatchObject({ answer: { status: 404 } });
    expect(await read(createTestGate(), target)).toEqual(inserted);
  });

  it.each([
    ['GET', 200, { 'Cache-Control': 'public, max-age=3600', 'Content-Type': 'application/json' }],
    ['HEAD', 200, { 'Content-Type': 'application/json' }],
    ['OPTIONS', 204, { 'Access-Control-Allow-Methods': 'GET, POST, DELETE' }],
    ['POST', 405, { Allow: 'GET, HEAD, OPTIONS' }],
    ['DELETE', 405, { Allow: 'GET, HEAD, OPTIONS' }],
  ])('CASE-22: answers %s at the metadata with %i', async (method, status, headers) => {
    const gate = createTestGate();
    const decision = await gate.handle({ ...request, method, target: gate.metadataPath });
    const isReadable = status !== 405;

    expect(decision).toMatchObject({
      answer: {
        status,
        headers: { ...headers, ...(isReadable && { 'Access-Control-Allow-Origin': '*' }) },
        body: method === 'GET' ? expect.stringContaining(gateOptions.resource) : undefined,
      },
    });
  });

  it('CASE-22: answers an unknown address for metadata with 404, which every page may read', async () => {
    const decision = await read(createTestGate(), '/.well-known/unknown');

    expect(decision).toMatchObject({
      answer: { status: 404, headers: { 'Access-Control-Allow-Origin': '*' } },
    });
    expect(decision.pass ? {} : JSON.parse(decision.answer.body ?? '')).toEqual({
      error_description: expect.stringMatching(/^[A-Z]/),
    });
  });

  it("serves the authorization server's metadata to clients of 2025-03-26 when told", async () => {
    const target = '/.well-known/oauth-authorization-server';
    const authorizationServerMetadata = { issuer, token_endpoint: `${issuer}/token` };
    const gate = createTestGate({ authorizationServerMetadata });

    expect(await read(createTestGate(), target)).toMatchObject({ answer: { status: 404 } });
    expect(await read(gate, target)).toMatchObject({
      answer: { status: 200, body: JSON.stringify(authorizationServerMetadata) },
    });
  });

  it('tells which tools, prompts and resources a token could use (MCP-07)', () => {
    const gate = createTestGate({
      scopes: {
        tools: {
          ...gateOptions.scopes.tools,
          some: { scopes: ['notes:write'], choose: () => ['notes:write'] },
        },
        prompts: { sum: ['notes:write'] },
        resources: { 'notes://*': ['notes:read'] },
        methods: { 'resources/read': ['notes:write'] },
      },
    });
    const may = (...scopes: string[]) => [
      ...['whoami', 'list', 'delete', 'some', 'undeclared'].map((tool) =>
        gate.permits({ scopes }, { tool }),
      ),
      gate.permits({ scopes }, { prompt: 'sum' }),
      gate.permits({ scopes }, { resource: 'notes://1' }),
    ];

    expect(may()).toEqual([true, false, false, true, false, false, false]);
    expect(may('notes:read')).toEqual([true, true, false, true, false, false, false]);
    expect(may('notes:read', 'notes:write')).toEqual([true, true, true, true, true, true, true]);
    expect(gate.permits(undefined, { tool: 'whoami' })).toBe(false);
  });

  it('names the resource for people in the metadata when told', async () => {
    const gate = createTestGate({ resourceName: 'Notes' });
    const decision = await gate.handle({ ...request, method: 'GET', target: gate.metadataPath });

    expect(decision).toMatchObject({
      answer: { body: expect.stringContaining('"resource_name":"Notes"') },
    });
    expect(gate.metadataPath).toBe(
      new URL(protectedResourceMetadataUrl(gateOptions.resource)).pathname,
    );
  });
});

describe('a rule that refuses', () => {
  const quotaOf = (retryAfterSeconds?: number) => ({
    name: 'quota',
    check: () =>
      new AuthError('quota_exceeded', retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  const send = (value: unknown, rules = [quotaOf(41.2)], more: Partial<GateRequest> = {}) =>
    createTestGate({ guard: createTestGuard({ rules }) }).handle({
      ...request,
      readJson: async () => ({ ok: true, value }),
      ...more,
    });

  it.each([
    [7, 7],
    ['seven', 'seven'],
    ['x'.repeat(300), null],
  ])('RL-19: answers a used-up quota with a JSON-RPC error for the id %j', async (id, shown) => {
    const origin = 'https://inspector.example.com';
    const field = fields({ authorization: `Bearer ${tokens.read}`, origin });
    const decision = await send({ ...toolCall('list'), id }, undefined, { field });
    if (decision.pass) return expect.fail('passed');

    expect(decision.answer).toMatchObject({
      status: 429,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'Retry-After': '42',
        'Access-Control-Allow-Origin': origin,
      },
    });
    expect(decision.answer.headers['WWW-Authenticate']).toBe(undefined);
    expect(JSON.parse(decision.answer.body ?? '')).toEqual({
      jsonrpc: '2.0',
      error: { code: -32_000, message: 'Too many calls of this caller. Retry after 42 s' },
      id: shown,
    });
  });

  it('RL-19: answers a batch and a notification with an error without an id', async () => {
    const { id: _none, ...notification } = toolCall('list');
    for (const value of [[toolCall('list'), toolCall('list', 2)], notification]) {
      const decision = await send(value, [quotaOf()]);
      if (decision.pass) return expect.fail('passed');
      expect(decision.answer.headers['Retry-After']).toBe('5');
      expect(JSON.parse(decision.answer.body ?? '')).toMatchObject({ error: {}, id: null });
    }
  });

  it('RL-19: changes no other answer', async () => {
    const check = () => new AuthError('policy_denied');
    const decision = await send(toolCall('list'), [{ name: 'policy', check }]);
    if (decision.pass) return expect.fail('passed');

    expect(decision.answer.status).toBe(403);
    expect(decision.answer.body).not.toContain('jsonrpc');
  });

  it('HDR-14: does not open a stream for a client that left while a rule was asked', async () => {
    const left = new AbortController();
    let asked = 0;
    const check = async (): Promise<undefined> => {
      asked += 1;
      left.abort();
      return undefined;
    };
    const gate = createTestGate({
      guard: createTestGuard({ rules: [{ name: 'slow', check }] }),
      maximumStreamsPerCaller: 1,
    });
    const open = { ...request, method: 'GET' as const, signal: left.signal };
    const decision = await gate.handle(open);
    expect(decision).toMatchObject({ pass: false, answer: { status: 499 } });
    expect(await gate.handle(open)).toMatchObject({ pass: false, answer: { status: 499 } });
    expect(asked).toBe(1);

    // The place is free.
    const other = await gate.handle({ ...open, signal: new AbortController().signal });
    expect(other).toMatchObject({ pass: true });
    if (other.pass) other.lease?.release();
  });
});
