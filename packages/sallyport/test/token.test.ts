import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { command, settings } from './command.ts';
import { startGatedServer } from './gated-server.ts';

it('signs in at the local authorization server, and the gate accepts the token', async () => {
  const server = await startGatedServer();
  onTestFinished(() => server.close());
  const { code, output } = await command(['token', '--url', server.url]);
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${output.trim()}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });

  expect(response.status).toBe(200);
  expect(code).toBe(0);
});

it('signs a token with the shared secret of the settings, and explain accepts it', async () => {
  const variables = settings({
    TYPE: 'jwt',
    RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    JWT_ISSUER: 'https://id.acme-corp.dev',
    JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
    JWT_ALGORITHM: 'HS256',
    JWT_PUBLIC_KEY: 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=',
    JWT_REQUIRED_SCOPES: 'read:data',
  });
  const { output: input } = await command(['token'], { variables });
  const { output } = await command(['explain', '--json'], { variables, input });

  expect(JSON.parse(output)).toMatchObject({ accepted: true });
});

it.each([
  ['in production', ['token'], { ENVIRONMENT: 'production' }, /development only/],
  ['on a production platform', ['token'], { K_SERVICE: 'notes' }, /development only/],
  [
    'for a server that is not on this machine',
    ['token', '--url', 'https://notes.acme-corp.dev/mcp'],
    {},
    /not on this machine/,
  ],
  [
    'for a server that is not there',
    ['token', '--url', 'http://127.0.0.1:1/mcp'],
    {},
    /Start "sallyport dev" first/,
  ],
])('makes none %s', async (_name, words, variables, problem) => {
  const { code, output, errors } = await command(words, { variables });

  expect(output).toBe('');
  expect(errors).toMatch(problem);
  expect(code).toBe(2);
});

const fixed = {
  TYPE: 'static',
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
  // The spaces keep it apart from the claims that other tests show.
  STATIC_TOKENS: '{ "dev-token-12345-anonymous": { "client_id" : "me", "scopes" : [] } }',
};

it('takes the first fixed token of the settings, for a program as JSON', async () => {
  const { output } = await command(['token', '--json'], { variables: settings(fixed) });

  expect(JSON.parse(output)).toEqual({ token: 'dev-token-12345-anonymous', type: 'Bearer' });
});

it('says to a person how to send it', async () => {
  const { errors } = await command(['token'], { variables: settings(fixed), isTerminal: true });

  expect(errors).toMatch(/curl -H "Authorization: Bearer \$\(sallyport token\)" http/);
});

const jwt = {
  TYPE: 'jwt',
  JWT_ISSUER: 'https://id.acme-corp.dev',
  JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
  JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks',
};

it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
  ['whose tokens only a provider issues', settings(jwt), 2, /Only your identity provider/],
  ['that are wrong', settings({ ...jwt, JWT_CLOCK_SKEW: '900' }), 78, /JWT_CLOCK_SKEW/],
  [
    'of production',
    {
      ...settings({ ...jwt, JWT_REQUIRED_SCOPES: 'read:data', TRUSTED_PROXY_HOPS: '1' }),
      ENVIRONMENT: 'production',
    },
    2,
    /These settings are for production/,
  ],
])('makes none from settings %s', async (_name, variables, status, problem) => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, 'some.env'), lines.join(''));
  const { code, output, errors } = await command(['token', '--env-file', 'some.env'], { folder });

  expect(output).toBe('');
  expect(errors).toMatch(problem);
  expect(code).toBe(status);
});
