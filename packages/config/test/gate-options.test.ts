import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig, type GateOptions, writeStartUpReport } from '../src/index.ts';
import { type Changes, load } from './set-up.ts';

const token = 'dev-token-12345';

async function openGate(options: Partial<GateOptions>, changes: Changes = {}) {
  const config = await load({
    ENVIRONMENT: 'development',
    TYPE: 'static',
    JWT_ISSUER: undefined,
    JWT_AUDIENCE: undefined,
    JWT_JWKS_URI: undefined,
    JWT_REQUIRED_SCOPES: undefined,
    STATIC_TOKENS: JSON.stringify({ [token]: { client_id: 'me', scopes: ['read:data'] } }),
    ...changes,
  });
  const { gate, guard, close } = await createGateFromConfig(config, {
    tools: { hello: ['read:data'] },
    audit: { emit() {} },
    ...options,
  });
  onTestFinished(close);
  const limits: number[] = [];
  const send = (message: object, host = 'localhost:8000') =>
    gate.handle({
      method: 'POST',
      target: '/mcp',
      host,
      field: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async (limit) => {
        limits.push(limit);
        return { ok: true, value: { jsonrpc: '2.0', id: 1, ...message } };
      },
    });
  async function statusAtRoot(): Promise<number> {
    const decision = await gate.handle({
      method: 'GET',
      target: '/.well-known/oauth-protected-resource',
      host: 'localhost:8000',
      field: () => [],
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: () => expect.fail('a GET has no body'),
    });
    return decision.pass ? 200 : decision.answer.status;
  }
  return { config, guard, send, limits, statusAtRoot };
}

it('takes scopes of prompts, resources and methods', async () => {
  const { guard, send } = await openGate({
    otherOperations: { prompts: { sum: ['sum:data'] } },
    initialScopes: ['read:data', 'sum:data', 'nobody:needs'],
  });

  expect(await send({ method: 'tools/call', params: { name: 'hello' } })).toMatchObject({
    pass: true,
  });
  expect(await send({ method: 'prompts/get', params: { name: 'sum' } })).toMatchObject({
    answer: { status: 403 },
  });
  expect(guard.initialScopes).toEqual(['read:data', 'sum:data']);
});

it('hands on what a server says of its gate', async () => {
  const { send } = await openGate({ allowedHosts: ['notes.test'], exposeToken: true });
  const ping = { method: 'ping' };

  expect(await send(ping)).toMatchObject({ answer: { status: 403 } });
  expect(await send(ping, 'notes.test')).toMatchObject({ authInfo: { token } });
});

it('takes tokens that are bound to their sender, when the server says how', async () => {
  const { guard } = await openGate({
    senderConstraints: [
      {
        method: 'x5t#S256',
        scheme: 'Bearer',
        required: true,
        algorithms: [],
        confirm: async () => ({}),
      },
    ],
  });

  expect(guard.senderConstraints).toMatchObject([{ method: 'x5t#S256', required: true }]);
});

it.each([
  ['the default', {}, {}, 1_048_576],
  ['the variable', { MAX_BODY_BYTES: '2048' }, {}, 2_048],
  ['the option over the variable', { MAX_BODY_BYTES: '2048' }, { maximumBodyBytes: 4_096 }, 4_096],
])('CASE-04: bounds bodies by %s', async (_name, changes, options, limit) => {
  const { send, limits } = await openGate(options, changes);

  await send({ method: 'ping' });

  expect(limits).toEqual([limit]);
});

it.each([
  ['the default', {}, {}, 200],
  ['the variable', { METADATA_AT_ROOT: 'false' }, {}, 404],
  ['the option over the variable', { METADATA_AT_ROOT: 'false' }, { metadataAtRoot: true }, 200],
])('CASE-22: serves the metadata at the root by %s', async (_name, changes, options, status) => {
  const { statusAtRoot } = await openGate(options, changes);

  expect(await statusAtRoot()).toBe(status);
});

it('CASE-04, CASE-22: reports the limit for bodies and the metadata address at the start', async () => {
  const { config } = await openGate({}, { MAX_BODY_BYTES: '2048' });
  const report = writeStartUpReport(config);

  expect(report).toMatch(/FASTMCP_SERVER_AUTH_MAX_BODY_BYTES +"2048"/);
  expect(report).toMatch(/FASTMCP_SERVER_AUTH_METADATA_AT_ROOT +true +default/);
});
