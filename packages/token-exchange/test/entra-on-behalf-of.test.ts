/** Entra's form, against a stand-in that answers as Microsoft's documentation says. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientSecretPost } from '@sallyport/client-authentication';
import { detectEnvironment, Secret } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import { createEntraOnBehalfOf } from '../src/index.ts';

const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const { signal } = new AbortController();

/** Answers everybody the same, and says what it was asked. */
async function startStandIn(status: number, answer: unknown) {
  const questions: { path: string | undefined; form: Record<string, string> }[] = [];
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    questions.push({ path: request.url, form });
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const exchange = createEntraOnBehalfOf({
    tenant,
    authority: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    clientAuthentication: clientSecretPost({
      clientId: 'notes-server',
      secret: new Secret('a client secret'),
    }),
    targets: { graph: { scopes: ['https://graph.microsoft.com/User.Read'] } },
  });
  onTestFinished(() => exchange.close?.());
  const ask = () =>
    exchange.exchange(new Secret('token-of-the-caller'), 'graph', {
      expiresAt: 4_000_000_000,
      signal,
    });
  return { ask, questions };
}

const good = {
  token_type: 'Bearer',
  scope: 'https://graph.microsoft.com/User.Read',
  expires_in: 3_269,
  ext_expires_in: 0,
  access_token: 'token-for-graph',
};

it('asks as Entra wants to be asked', async () => {
  const { ask, questions } = await startStandIn(200, good);
  const { token, scopes, expiresAt } = await ask();

  expect(token.reveal()).toBe('token-for-graph');
  expect([...scopes]).toEqual(['https://graph.microsoft.com/User.Read']);
  expect(expiresAt).toBeGreaterThan(Date.now() / 1_000 + 3_200);
  expect(questions).toEqual([
    {
      path: `/${tenant}/oauth2/v2.0/token`,
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: 'token-of-the-caller',
        requested_token_use: 'on_behalf_of',
        scope: 'https://graph.microsoft.com/User.Read',
        client_id: 'notes-server',
        client_secret: 'a client secret',
      },
    },
  ]);
});

it('hands on the claims that the caller must sign in with', async () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["x"]}}}';
  const { ask } = await startStandIn(400, { error: 'interaction_required', claims });

  await expect(ask()).rejects.toMatchObject({ code: 'interaction_required', claims });
});

it.each<[string, number, unknown, string]>([
  ['a token that is no longer good', 400, { error: 'invalid_grant' }, 'subject_token_refused'],
  [
    'a person who has not consented yet',
    400,
    { error: 'invalid_grant', suberror: 'consent_required' },
    'interaction_required',
  ],
  [
    'a token that is bad in some other way',
    400,
    { error: 'invalid_grant', suberror: 'bad_token' },
    'subject_token_refused',
  ],
  ['an application without permission', 400, { error: 'unauthorized_client' }, 'target_refused'],
  ['a wrong secret', 401, { error: 'invalid_client' }, 'credentials_refused'],
  ['an outage', 503, { error: 'temporarily_unavailable' }, 'upstream_unavailable'],
  ['an error nobody knows', 400, { error: 'surprise' }, 'upstream_unavailable'],
  ['an error that is an inherited name', 400, { error: 'toString' }, 'upstream_unavailable'],
  ['an answer without a token', 200, { ...good, access_token: undefined }, 'upstream_unavailable'],
  [
    'a token that breaks out of a header',
    200,
    { ...good, access_token: 'a\r\nb' },
    'upstream_unavailable',
  ],
  ['a token of another type', 200, { ...good, token_type: 'N_A' }, 'upstream_unavailable'],
  ['a lifetime that is none', 200, { ...good, expires_in: -1 }, 'upstream_unavailable'],
  ['a list', 200, [], 'upstream_unavailable'],
])('answers %s with a code', async (_name, status, answer, code) => {
  const { ask } = await startStandIn(status, answer);

  await expect(ask()).rejects.toMatchObject({ name: 'TokenExchangeError', code });
});

it('asks again for a token whose end is not known', async () => {
  const { ask, questions } = await startStandIn(200, { ...good, expires_in: undefined });
  expect((await ask()).expiresAt).toBeUndefined();
  await ask();

  expect(questions).toHaveLength(2);
});

it('takes a number of seconds in letters', async () => {
  const { ask } = await startStandIn(200, { ...good, expires_in: '3599' });

  expect((await ask()).expiresAt).toBeGreaterThan(Date.now() / 1_000 + 3_500);
});

it.each([
  ['exchange.tenant', { tenant: 'common' }],
  ['exchange.targets.graph', { targets: { graph: { scopes: [] as unknown as [string] } } }],
])('refuses to start with a bad %s', (option, overrides) => {
  expect(() =>
    createEntraOnBehalfOf({
      tenant,
      environment: detectEnvironment({ ENVIRONMENT: 'production' }),
      clientAuthentication: clientSecretPost({ clientId: 'a', secret: new Secret('b') }),
      targets: { graph: { scopes: ['User.Read'] } },
      ...overrides,
    }),
  ).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
});
