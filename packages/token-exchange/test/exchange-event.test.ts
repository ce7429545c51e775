/** What an operator reads of exchanges that give no token. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientSecretBasic } from '@sallyport/client-authentication';
import { detectEnvironment, Secret } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import { createTokenExchange, type ExchangeEvent } from '../src/index.ts';

const subject = 'caller-token-4f8a1c97e2';
const context = { expiresAt: 4_000_000_000, signal: new AbortController().signal };

/** A token endpoint that always answers the same; with status 0 it resets the connection. */
async function setUp(status: number, body: unknown) {
  const http = createServer((request, response) => {
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'Content-Type': 'application/json' });
    return void response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const events: ExchangeEvent[] = [];
  const exchange = createTokenExchange({
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/token`,
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    clientAuthentication: clientSecretBasic({
      clientId: 'notes-server',
      secret: new Secret('client-secret-9b3e'),
    }),
    targets: { crm: { resource: 'https://crm.example.com' } },
    onEvent: (event) => void events.push(event),
  });
  onTestFinished(async () => {
    await exchange.close?.();
    http.closeAllConnections();
    http.close();
  });
  const ask = (target: string) =>
    exchange.exchange(new Secret(subject), target, context).catch(({ code }) => code);
  return { events, ask, exchange };
}

const echo = { error_description: `the token ${subject} is bad`, error_uri: subject };

it.each([
  [400, { error: 'invalid_grant' }, 'exchange_refused', 'subject_token_refused', 'invalid_grant'],
  [
    400,
    { error: 'invalid_grant', suberror: 'consent_required' },
    'exchange_refused',
    'interaction_required',
    'invalid_grant: consent_required',
  ],
  [400, { error: 'invalid_target' }, 'exchange_failed', 'target_refused', 'invalid_target'],
  [400, { error: 'invalid_scope' }, 'exchange_failed', 'target_refused', 'invalid_scope'],
  [
    400,
    { error: 'unsupported_grant_type' },
    'exchange_failed',
    'target_refused',
    'unsupported_grant_type',
  ],
  [
    401,
    { error: 'invalid_client' },
    'credentials_refused',
    'credentials_refused',
    'invalid_client',
  ],
  [401, {}, 'credentials_refused', 'credentials_refused', 'HTTP 401'],
  [400, { error: subject }, 'exchange_failed', 'upstream_unavailable', 'HTTP 400'],
  [
    403,
    { error: 'temporarily_unavailable' },
    'exchange_failed',
    'upstream_unavailable',
    'HTTP 403: temporarily_unavailable',
  ],
  [503, {}, 'exchange_failed', 'upstream_unavailable', 'HTTP 503'],
  [
    200,
    { access_token: 'x', token_type: 'DPoP' },
    'exchange_failed',
    'upstream_unavailable',
    'the answer is wrong: token_type',
  ],
  [200, [], 'exchange_failed', 'upstream_unavailable', 'the answer is wrong: no access_token'],
  [0, {}, 'exchange_failed', 'upstream_unavailable', expect.any(String)],
])('CASE-24, OPS-05: reports %i %j as %s', async (status, answer, type, reason, detail) => {
  const { events, ask } = await setUp(
    status,
    Array.isArray(answer) ? answer : { ...answer, ...echo },
  );

  expect(await ask('crm')).toBe(reason);
  expect(events).toEqual([{ type, target: 'crm', reason, detail }]);
  expect(JSON.stringify(events)).not.toContain(subject);
});

it('CASE-24: reports an undeclared target without what the tool asked for', async () => {
  const { events, ask } = await setUp(200, {});

  expect(await ask(subject)).toBe('target_unknown');
  expect(events).toEqual([{ type: 'exchange_failed', reason: 'target_unknown' }]);
});

it('CASE-24: reports one question once, however many calls wait for it', async () => {
  const { events, ask } = await setUp(400, { error: 'invalid_target' });
  await Promise.all([ask('crm'), ask('crm'), ask('crm')]);

  expect(events).toHaveLength(1);
});

it('CASE-24: reports nothing of what ends because the exchange is closed', async () => {
  const { events, ask, exchange } = await setUp(400, { error: 'invalid_target' });
  const asked = ask('crm');
  await exchange.close?.();

  expect(await asked).not.toBe('a token');
  expect(events).toEqual([]);
});
