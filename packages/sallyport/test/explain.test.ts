/** CASE-37, CASE-51: the twelve usual faults. `explain` names the first broken step, whose it is and the cure. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthorizationServer, mintToken, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { command, program, settings } from './command.ts';
import { startGatedServer } from './gated-server.ts';

const audience = 'https://notes.acme-corp.dev/mcp';
const issuer = 'https://id.acme-corp.dev/tenant';
const sharedSecret = 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=';
const tenant = '8c2f4f6e-3a52-4d0f-9a53-1f3f2f0c7e11';
const nowSeconds = Math.floor(Date.now() / 1_000);

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer({
    algorithm: 'ES256',
    resources: [{ resource: audience, scopes: ['read:data', 'write:data'] }],
  });
});
afterAll(() => server.stop());

type Changes = Readonly<Record<string, string | undefined>>;

function variablesWith(changes: Changes = {}): Record<string, string> {
  return settings({
    TYPE: 'jwt',
    RESOURCE_URL: audience,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    JWT_ALGORITHM: 'ES256',
    JWT_JWKS_URI: server.jwksUri,
    JWT_REQUIRED_SCOPES: 'read:data',
    ...changes,
  });
}

interface Planted {
  readonly variables?: Changes;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secret?: string | Uint8Array;
}

async function mint({ variables = {}, claims = {}, secret }: Planted): Promise<string> {
  const all = {
    iss: variables['JWT_ISSUER'] ?? issuer,
    aud: audience,
    sub: 'user-1',
    client_id: 'client-1',
    scope: 'read:data',
    iat: nowSeconds,
    exp: nowSeconds + 600,
    ...claims,
  };
  if (secret === undefined) return server.mintToken(all);
  const key = typeof secret === 'string' ? Buffer.from(secret) : secret;
  return mintToken({ key, claims: all, header: { alg: 'HS256' } });
}

/** A port on which nothing listens. */
const closedPort = await new Promise<number>((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo;
    probe.close(() => resolve(port));
  });
});
const hmac: Changes = {
  JWT_JWKS_URI: undefined,
  JWT_ALGORITHM: 'HS256',
  JWT_PUBLIC_KEY: sharedSecret,
};
const entra = `https://login.microsoftonline.com/${tenant}/v2.0`;

type Row = readonly [name: string, planted: Planted, step: string, owner: string, cure: RegExp];

const faults: readonly Row[] = [
  [
    'a wrong audience',
    { claims: { aud: 'https://crm.other-corp.dev/api' } },
    'audience',
    'the client',
    /ask for one with resource=https:\/\/notes/,
  ],
  [
    'a trailing newline in a secret',
    { variables: hmac, secret: `${sharedSecret}\n` },
    'signature',
    'this server',
    /without a newline/,
  ],
  [
    'an issuer that differs by a slash',
    {
      variables: { JWT_ISSUER: 'https://acme.eu.auth0.com/' },
      claims: { iss: 'https://acme.eu.auth0.com' },
    },
    'issuer',
    'this server',
    /JWT_ISSUER to exactly what is found/,
  ],
  [
    'an audience that differs by a slash',
    { claims: { aud: `${audience}/` } },
    'audience',
    'this server',
    /JWT_AUDIENCE to what is found/,
  ],
  [
    'a token of Entra version 1 where version 2 is configured',
    {
      variables: { JWT_ISSUER: entra },
      claims: { iss: `https://sts.windows.net/${tenant}/`, ver: '1.0' },
    },
    'issuer',
    'the identity provider',
    /requestedAccessTokenVersion/,
  ],
  [
    'an ID token',
    { claims: { aud: 'client-1', nonce: 'n-1', scope: undefined, client_id: undefined } },
    'audience',
    'the client',
    /send the access token/,
  ],
  [
    'a clock that is five minutes slow',
    { claims: { iat: nowSeconds + 300, exp: nowSeconds + 900 } },
    'times',
    'this server',
    /NTP/,
  ],
  [
    'a clock that is five minutes fast',
    { claims: { iat: nowSeconds - 310, exp: nowSeconds - 110 } },
    'times',
    'this server',
    /A clock is wrong/,
  ],
  [
    'a token that expired yesterday',
    { claims: { iat: nowSeconds - 90_000, exp: nowSeconds - 86_400 } },
    'times',
    'the client',
    /refresh token/,
  ],
  [
    'keys that cannot be fetched',
    { variables: { JWT_JWKS_URI: `http://127.0.0.1:${closedPort}/jwks` } },
    'key',
    'the identity provider',
    /Nothing listens at 127\.0\.0\.1:\d+\. Start the identity provider/,
  ],
  [
    'a wrong algorithm',
    { variables: { JWT_ALGORITHM: 'RS256' } },
    'algorithm',
    'this server',
    /JWT_ALGORITHM to the algorithm of the token/,
  ],
  [
    'scopes in roles',
    { claims: { scope: undefined, roles: ['read:data'] } },
    'scopes',
    'the identity provider',
    /into "scope"/,
  ],
  [
    'a secret that is text here and base64 at the issuer',
    { variables: hmac, secret: Buffer.from(sharedSecret, 'base64') },
    'signature',
    'this server',
    /the same bytes/,
  ],
  [
    'a resource with http in place of https',
    { claims: { aud: audience.replace('https', 'http') } },
    'audience',
    'this server',
    /character by character/,
  ],
  [
    'a resource on another host',
    { claims: { aud: 'https://notes-4fz6kq7a-ew.a.run.app/mcp' } },
    'audience',
    'this server',
    /character by character/,
  ],
];

it.each(faults)('CASE-37, CASE-51: explain names %s', async (_name, planted, step, owner, cure) => {
  const given = { variables: variablesWith(planted.variables), input: await mint(planted) };
  const { code, output } = await command(['explain', '--json'], given);
  const answer = JSON.parse(output);

  expect(answer).toMatchObject({ accepted: false, firstBroken: step, owner });
  expect(answer.cure).toMatch(cure);
  expect(code).toBe(1);
});

it.each([
  [
    'that is denied',
    '{"version":1,"denied":[{"issuer":"ISSUER","subject":"user-1","reason":"left"}]}',
    /sallyport allow/,
  ],
  ['while the list is damaged', '{', /sallyport denied/],
])('DEN-01: explain names a caller %s', async (_name, text, cure) => {
  const path = join(mkdtempSync(join(tmpdir(), 'denied-')), 'denied.json');
  writeFileSync(path, text.replace('ISSUER', issuer));
  const variables = variablesWith({ DENIAL_LIST: path });
  const { code, output } = await command(['explain', '--json'], {
    variables,
    input: await mint({}),
  });
  const answer = JSON.parse(output);

  expect(answer).toMatchObject({ accepted: false, firstBroken: 'scopes', owner: 'this server' });
  expect(answer.cure).toMatch(cure);
  expect(code).toBe(1);
});

it('accepts a good token, and says so step by step', async () => {
  const { code, output, errors } = await program(['explain'], {
    variables: variablesWith(),
    input: `Authorization: Bearer ${await mint({})}\n`,
  });

  expect(errors).toMatch(/^(?:Asking the identity provider \.\.\.\n)?$/);
  expect(output).toMatch(/✓ The gate accepts this token/);
  expect(output).toMatch(/✓ audience +https:\/\/notes\.acme-corp\.dev\/mcp/);
  expect(code).toBe(0);
});

it('shows expected and found, and what the token would meet behind the broken step', async () => {
  const { output } = await command(['explain'], {
    variables: variablesWith(),
    input: await mint({ claims: { aud: `${audience}/`, exp: nowSeconds - 5_000 } }),
  });

  expect(output).toMatch(
    /✗ audience +differs by a trailing slash\n +expected +https:\/\/notes\.acme-corp\.dev\/mcp\n +found +https:\/\/notes\.acme-corp\.dev\/mcp\/\n/,
  );
  expect(output).toMatch(/· times +not reached; would fail: expired 1 hour ago/);
});

it('never prints the signature or the whole token', async () => {
  const token = await mint({});
  const signature = token.slice(token.lastIndexOf('.') + 1);
  for (const words of [['explain'], ['explain', '--json']]) {
    const { output, errors } = await command(words, { variables: variablesWith(), input: token });

    expect(output + errors).not.toContain(signature.slice(0, 12));
    expect(output + errors).not.toContain(token.slice(0, 40));
  }
});

it('works offline with the keys in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'explain-'));
  writeFileSync(join(folder, 'jwks.json'), await (await fetch(server.jwksUri)).text());
  const variables = {
    ...variablesWith({ JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks' }),
    ENVIRONMENT: 'production',
    K_SERVICE: 'notes',
  };
  const good = await command(['explain', '--jwks', 'jwks.json', '--json'], {
    variables,
    folder,
    input: await mint({}),
  });
  const bad = await command(['explain', '--jwks', 'jwks.json', '--json'], {
    variables,
    folder,
    input: (await mint({})).replace(/.{20}$/, 'A'.repeat(20)),
  });

  expect(JSON.parse(good.output)).toMatchObject({ accepted: true });
  expect(JSON.parse(bad.output)).toMatchObject({ accepted: false, firstBroken: 'signature' });
});

describe('a token that is not where it belongs', () => {
  it('refuses a token among the arguments, and does not repeat it', async () => {
    const token = await mint({});
    for (const words of [
      ['explain', token],
      ['explain', `--token=${token}`],
      ['explain', '--jwks', token],
    ]) {
      const { code, output, errors } = await command(words, {
        variables: variablesWith(),
        input: token,
      });

      expect(code).toBe(2);
      expect(output + errors).not.toContain(token.slice(-12));
      expect(output + errors).not.toContain(token.slice(0, 12));
    }
  });

  it.each([
    ['nothing', '', /no token on standard input/],
    ['too much', 'a'.repeat(300_000), /more than 256 KiB/],
  ])('refuses %s on standard input', async (_name, input, problem) => {
    const { code, errors } = await command(['explain'], { variables: variablesWith(), input });

    expect(errors).toMatch(problem);
    expect(code).toBe(2);
  });
});

describe('other kinds of tokens', () => {
  it.each([
    [
      'an opaque token of Google',
      `ya29.${'k3Zf8x1BvM7'.repeat(4)}`,
      /--audiences=/,
      'https://accounts.google.com',
    ],
    ['an opaque token', 'k3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYi', /introspection/, issuer],
    ['a JWT that was cut off', 'eyJhbGciOiJFUzI1NiJ9.eyJpc3M', /three parts/, issuer],
  ])('explains %s', async (_name, input, cure, iss) => {
    const { output } = await command(['explain', '--json'], {
      variables: variablesWith({
        JWT_ISSUER: iss,
        JWT_REQUIRED_SCOPES: undefined,
        TOOL_SCOPES: '{}',
      }),
      input,
    });

    expect(JSON.parse(output)).toMatchObject({ firstBroken: 'form', owner: 'the client' });
    expect(JSON.parse(output).cure).toMatch(cure);
  });
});

it.each([
  ['without a key id', undefined, /"kid" into the header/],
  ['of a key that is not published', 'unknown', /not published at/],
])('JWK-13: explains a token %s', async (_name, kid, cure) => {
  const claims = { iss: issuer, aud: audience, sub: 'u', client_id: 'c', scope: 'read:data' };
  const input = await server.mintToken(claims, { kid });
  const { output } = await command(['explain', '--json'], { variables: variablesWith(), input });

  expect(JSON.parse(output)).toMatchObject({ firstBroken: 'key', owner: 'the identity provider' });
  expect(JSON.parse(output).cure).toMatch(cure);
});

describe('several issuers', () => {
  const rules = () => ({ algorithm: 'ES256', jwks_uri: server.jwksUri });
  const other = 'https://login.acme-corp.dev';
  const variables = () =>
    variablesWith({
      JWT_ISSUERS: JSON.stringify([
        { issuer: other, audience: 'api://other', ...rules() },
        { issuer, audience, ...rules() },
      ]),
      JWT_ISSUER: undefined,
      JWT_AUDIENCE: undefined,
      JWT_JWKS_URI: undefined,
    });

  it.each<[string, Changes, string, string, RegExp]>([
    ['of the second', { aud: `${audience}/x` }, 'audience', audience, /JWT_ISSUERS\[1\]\.audience/],
    ['of the first', { iss: other }, 'audience', 'api://other', /resource=api:\/\/other/],
    [
      'of another issuer',
      { iss: 'https://id.elsewhere.dev' },
      'issuer',
      `${other} or ${issuer}`,
      /JWT_ISSUERS\[2\]\.issuer/,
    ],
  ])(
    'CLM-12: explain judges a token %s by its rules',
    async (_name, claims, step, expected, cure) => {
      const input = await mint({ claims });
      const { output } = await command(['explain', '--json'], { variables: variables(), input });
      const answer = JSON.parse(output);

      expect(answer.firstBroken).toBe(step);
      expect(answer.steps.find(({ name }: { name: string }) => name === step)).toMatchObject({
        expected,
      });
      expect(answer.cure).toMatch(cure);
    },
  );
});

it('tries the token for a tool', async () => {
  const variables = variablesWith({ TOOL_SCOPES: '{"write_note": ["write:data"]}' });
  const { output } = await command(['explain', '--tool', 'write_note', '--json'], {
    variables,
    input: await mint({}),
  });

  expect(JSON.parse(output)).toMatchObject({
    status: 403,
    firstBroken: 'scopes',
    owner: 'the client',
  });
});

it('lists every problem of the settings in place of an explanation', async () => {
  const variables = variablesWith({ JWT_ALGORITHM: 'RS257', JWT_CLOCK_SKEW: '900' });
  const { code, errors } = await command(['explain'], { variables, input: await mint({}) });

  expect(errors).toMatch(/2 problems[\s\S]*JWT_ALGORITHM[\s\S]*JWT_CLOCK_SKEW/);
  expect(code).toBe(78);
});

describe('--url: the server says in its metadata what it expects', () => {
  const explainAt = async (url: string, input: string, ...more: readonly string[]) => {
    const ended = await command(['explain', '--url', url, '--json', ...more], { input });
    return { ...ended, answer: JSON.parse(ended.output || '{}') };
  };

  it('CASE-37: explains the tokens of a server without any settings here', async () => {
    const gated = await startGatedServer();
    onTestFinished(gated.close);
    const { authorizationServer, url } = gated;
    const good = await authorizationServer.issueToken({ scopes: ['read:data'] });
    const other = await authorizationServer.mintToken({ aud: 'https://crm.other-corp.dev/api' });
    const earlier = await mintToken({
      key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      claims: { iss: 'http://127.0.0.1:1', aud: url, exp: nowSeconds + 600 },
      header: { alg: 'ES256' },
    });

    expect((await explainAt(url, good)).answer).toMatchObject({ accepted: true });
    expect((await explainAt(url, other)).answer).toMatchObject({
      code: 'token_audience_mismatch',
      steps: expect.arrayContaining([expect.objectContaining({ expected: url })]),
    });
    expect((await explainAt(url, earlier)).answer).toMatchObject({
      firstBroken: 'issuer',
      owner: 'the client',
      cure: `This token is not from this run of dev. Get a new one: npx sallyport token --url ${url}`,
    });
  });

  it.each([
    ['a server that does not answer', `http://127.0.0.1:${closedPort}/mcp`, [], 1, /doctor/],
    ['what is no address', 'notes', [], 2, /as a URL/],
    ['a file besides', 'https://a.dev', ['--env-file', '.env'], 2, /one of --url/],
    ['a tool', 'https://a.dev', ['--tool', 'a'], 2, /which scopes a tool needs/],
  ])('ends for %s with one sentence', async (_name, url, more, code, problem) => {
    const ended = await explainAt(url, await mint({}), ...more);

    expect(ended.output + ended.errors).toMatch(problem);
    expect(ended.code).toBe(code);
  });

  it('is named where there are no settings', async () => {
    const { code, errors } = await command(['explain'], { input: await mint({}) });

    expect(errors).toMatch(/configured in code.*explain --url http:\/\/localhost:8000\/mcp/);
    expect(code).toBe(78);
  });
});
