/** What the running server answers to strangers, attackers and outages. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, startWithAuthorizationServer } from './reference-server.ts';

type Started = Awaited<ReturnType<typeof startWithAuthorizationServer>>;

const limit = { FASTMCP_SERVER_AUTH_RATE_LIMIT_MAX_ATTEMPTS: '1000' };
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the running server', () => {
  let started: Started;
  let good: string;
  beforeAll(async () => {
    started = await startWithAuthorizationServer(limit);
    good = await started.authorizationServer.mintToken({ scope: 'read:data' });
  });
  afterAll(async () => {
    await started.server.stop();
    await started.authorizationServer.stop();
  });

  it('answers a good token', async () => {
    const response = await callTool(started.server, good, 'hello', { name: 'World' });

    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toMatchObject({
      content: [{ type: 'text', text: 'Hello, World!' }],
    });
  });

  it('says where to get a token, and which scope, without an error (ANS-01)', async () => {
    const response = await callTool(started.server, undefined, 'hello');
    const challenge = response.headers.get('WWW-Authenticate');

    expect(response.status).toBe(401);
    expect(challenge).toContain('scope="read:data"');
    expect(challenge).toContain('resource_metadata="');
    expect(challenge).not.toContain('error');
    expect(await response.text()).not.toContain('"error"');
  });

  const bad: Record<string, () => Promise<string>> = {
    garbage: async () => 'garbage',
    'an expired token': () => mint({ exp: 1_700_000_000, iat: 1_699_999_000 }),
    'another audience': () => mint({ aud: 'https://other.example.com/mcp' }),
    'another issuer': () => mint({ iss: 'https://evil.example.com' }),
    'alg none (TOK-01)': async () => {
      const [, payload] = good.split('.');
      return `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`;
    },
    'alg none with a signature (TOK-01)': async () => {
      const [, payload, signature] = good.split('.');
      return `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`;
    },
    'HS256 with the public key (TOK-02)': async () => {
      const { keys } = (await (await fetch(started.authorizationServer.jwksUri)).json()) as {
        keys: [JsonWebKey & { kid: string }];
      };
      const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      const claims = JSON.parse(Buffer.from(good.split('.')[1] ?? '', 'base64url').toString());
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: keys[0].kid })
        .sign(Buffer.from(pem));
    },
  };
  const mint = (claims: Record<string, unknown>) =>
    started.authorizationServer.mintToken({ scope: 'read:data', ...claims });

  it.each(Object.entries(bad))('answers %s with 401 invalid_token (ANS-03)', async (_n, token) => {
    const response = await callTool(started.server, await token(), 'hello');

    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('CASE-27: answers a key of nobody with 503 while it may be a new one, and then with 401', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const claims = JSON.parse(Buffer.from(good.split('.')[1] ?? '', 'base64url').toString());
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'nobody' })
      .sign(privateKey);
    const ask = () => callTool(started.server, token, 'hello');
    const statuses = new Set([(await ask()).status]);
    const response = await until(async () => {
      const answer = await ask();
      statuses.add(answer.status);
      return answer;
    }, 401);

    expect([...statuses].filter((status) => status !== 503 && status !== 401)).toEqual([]);
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
  });

  it('answers too small a scope with 403 and all scopes of the tool (ANS-04, MCP-10)', async () => {
    const response = await callTool(started.server, good, 'write_note', { title: 'a', text: 'b' });
    const challenge = response.headers.get('WWW-Authenticate');

    expect(response.status).toBe(403);
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="write:data"');
  });

  it('serves GET /mcp/tools/list behind the same gate', async () => {
    const listed = await fetch(new URL('/mcp/tools/list', started.server.resource), {
      headers: { Authorization: `Bearer ${good}` },
    });
    const { tools } = (await listed.json()) as { tools: { name: string }[] };

    expect(tools.map(({ name }) => name).sort()).toEqual([
      'delete_note',
      'hello',
      'list_notes',
      'read_note',
      'whoami',
      'write_note',
    ]);
  });

  it.each([
    ['no JSON', '{', 400],
    ['no object', '[]', 403],
    ['no name', '{}', 403],
    ['a name that is none', '{"name":["hello"]}', 403],
    ['an unknown tool', '{"name":"\\u0000é"}', 403],
    ['bad arguments', '{"name":"hello","arguments":{}}', 200],
    ['arguments of another type', '{"name":"hello","arguments":7}', 400],
  ])('answers a call with %s, never with 500 (ANS-07)', async (_name, body, status) => {
    const response = await fetch(new URL('/tools/call', started.server.resource), {
      method: 'POST',
      headers: { Authorization: `Bearer ${good}` },
      body,
    });

    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/at .*\.[jt]s:\d+/);
  });

  it('tells nobody which paths there are', async () => {
    const ask = (token: string) =>
      fetch(new URL('/admin', started.server.resource), {
        headers: { Authorization: `Bearer ${token}` },
      });

    expect((await ask('garbage')).status).toBe(401);
    expect((await ask(good)).status).toBe(404);
  });

  it('answers /health to anybody, and nothing beside it (HDR-17)', async () => {
    const ask = async (path: string) =>
      (await fetch(new URL(path, started.server.resource))).status;

    expect(await ask('/health')).toBe(200);
    expect(await ask('/health/')).toBe(401);
    expect(await ask('/health?x')).toBe(401);
  });
});

it('answers the 11th failure in a minute with 429, and a good token still with 200', async () => {
  const { server, authorizationServer } = await startWithAuthorizationServer();
  const good = await authorizationServer.mintToken({ scope: 'read:data' });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1) {
    statuses.push((await callTool(server, 'the-same-bad-token', 'whoami')).status);
  }
  const limited = await callTool(server, 'the-same-bad-token', 'whoami');

  expect(statuses).toEqual([...Array(10).fill(401), 429]);
  expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await callTool(server, good, 'whoami')).status).toBe(200);
  expect((await callTool(server, undefined, 'whoami')).status).toBe(401);
  await server.stop();
  await authorizationServer.stop();
});

/** Keys are fetched at most once in 5 seconds, and a fetch may take as long, so an answer needs time to change. */
async function until(ask: () => Promise<Response>, status: number): Promise<Response> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const response = await ask();
    if (response.status === status || performance.now() > deadline) return response;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

it('answers 503 for what cannot be known while the authorization server is away, 200 for what can', async () => {
  const started = await startWithAuthorizationServer(limit, { isAway: true });
  const { server, authorizationServer, early: good } = started;
  const early = await callTool(server, good, 'whoami');

  expect(early.status).toBe(503);
  expect(early.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
  expect(early.headers.get('WWW-Authenticate')).toBeNull();

  await authorizationServer.resume();
  expect((await until(() => callTool(server, good, 'whoami'), 200)).status).toBe(200);

  await authorizationServer.rotateKeys();
  const unknown = await authorizationServer.mintToken({ scope: 'read:data' });
  await authorizationServer.pause();
  expect((await until(() => callTool(server, unknown, 'whoami'), 503)).status).toBe(503);
  expect((await callTool(server, good, 'whoami')).status).toBe(200);
  await server.stop();
  await authorizationServer.stop();
});
