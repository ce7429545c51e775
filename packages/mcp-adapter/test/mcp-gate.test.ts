import type { AuditEvent } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import {
  createMcpGate,
  type GateRequest,
  type McpGateOptions,
  protectedResourceMetadataUrl,
} from '../src/index.ts';
import { createTestGate, createTestGuard, gateOptions, tokens, toolCall } from './fixture.ts';

const request: GateRequest = {
  method: 'POST',
  target: '/mcp',
  host: 'mcp.example.com',
  authorization: [`Bearer ${tokens.read}`],
  origin: undefined,
  clientAddress: '203.0.113.7',
  signal: new AbortController().signal,
  readJson: async () => ({ ok: true, value: toolCall('list') }),
};

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
    ['gate.scopes', { guard: { ...createTestGuard(), initialScopes: ['offline_access'] } }],
  ])('refuses to start with a bad %s', (option, overrides) => {
    expect(create(overrides)).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
  });

  it('reads no body before the token is found good (MCP-12)', async () => {
    const decision = await createTestGate().handle({
      ...request,
      authorization: ['Bearer nobody-knows-this'],
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
  });

  it('hands the trace of a request to both audit events', async () => {
    const events: AuditEvent[] = [];
    const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', sampled: true };
    await createTestGate({}, events).handle({ ...request, trace });

    expect(events).toMatchObject([{ trace }, { trace }]);
  });

  it('hands on the very body it judged', async () => {
    const value = toolCall('list');
    const decision = await createTestGate().handle({
      ...request,
      readJson: async () => ({ ok: true, value }),
    });

    expect(decision.pass && decision.body).toBe(value);
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
