import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig, type GateOptions } from '../src/index.ts';
import { load } from './set-up.ts';

const token = 'dev-token-12345';

async function openGate(options: Partial<GateOptions>) {
  const config = await load({
    ENVIRONMENT: 'development',
    TYPE: 'static',
    JWT_ISSUER: undefined,
    JWT_AUDIENCE: undefined,
    JWT_JWKS_URI: undefined,
    JWT_REQUIRED_SCOPES: undefined,
    STATIC_TOKENS: JSON.stringify({ [token]: { client_id: 'me', scopes: ['read:data'] } }),
  });
  const { gate, guard, close } = await createGateFromConfig(config, {
    tools: { hello: ['read:data'] },
    audit: { emit() {} },
    ...options,
  });
  onTestFinished(close);
  const send = (message: object, host = 'localhost:8000') =>
    gate.handle({
      method: 'POST',
      target: '/mcp',
      host,
      field: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({ ok: true, value: { jsonrpc: '2.0', id: 1, ...message } }),
    });
  return { guard, send };
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
