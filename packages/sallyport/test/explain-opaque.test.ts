/** `explain` for tokens that are no JWTs: the authorization server is asked, or a list in the settings. */
import type { ServerResponse } from 'node:http';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { command, settings } from './command.ts';
import { listen } from './gated-server.ts';

const audience = 'https://notes.acme-corp.dev/mcp';
const issuer = 'https://id.acme-corp.dev';
const token = 'k3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYi';
const nowSeconds = Math.floor(Date.now() / 1_000);

const good = {
  active: true,
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  client_id: 'client-1',
  scope: 'read:data',
  exp: nowSeconds + 600,
};

/** Answers every question about a token in the same way. */
async function startIntrospection(answer: (response: ServerResponse) => void): Promise<string> {
  const { port, close } = await listen((request, response) => {
    request.resume().once('end', () => answer(response));
  });
  onTestFinished(close);
  return `http://127.0.0.1:${port}/introspect`;
}

const json = { 'Content-Type': 'application/json' };
const says = (changes: Readonly<Record<string, unknown>>) => (response: ServerResponse) =>
  void response.writeHead(200, json).end(JSON.stringify({ ...good, ...changes }));
const refuses = (status: number) => (response: ServerResponse) =>
  void response.writeHead(status, json).end('{"error":"invalid_client"}');

async function explain(url: string, words: readonly string[] = []) {
  const { output } = await command(['explain', '--json', ...words], {
    variables: settings({
      TYPE: 'introspection',
      RESOURCE_URL: audience,
      INTROSPECTION_URL: url,
      INTROSPECTION_CLIENT_ID: 'notes',
      INTROSPECTION_CLIENT_SECRET: 'vN4xQ8sT2bW7kY5zR9mJ6cF3',
      INTROSPECTION_REQUIRED_SCOPES: 'read:data',
      AUTHORIZATION_SERVERS: issuer,
      TOOL_SCOPES: '{"write_note": ["write:data"]}',
    }),
    input: token,
  });
  expect(output).not.toContain(token.slice(0, 12));
  return JSON.parse(output);
}

let unused: string;
beforeAll(async () => {
  const { port, close } = await listen(() => {});
  close();
  unused = `http://127.0.0.1:${port}/introspect`;
});

it('accepts an opaque token that the authorization server calls active', async () => {
  const answer = await explain(await startIntrospection(says({})));

  expect(answer).toMatchObject({ accepted: true, status: 200 });
  expect(answer.steps.map(({ name }: { name: string }) => name)).toEqual([
    ...['question', 'active', 'issuer', 'audience', 'binding', 'kind', 'claims', 'times', 'scopes'],
  ]);
});

it.each<[string, Readonly<Record<string, unknown>>, string, string, RegExp]>([
  ['is not active', { active: false }, 'active', 'the client', /must get a new one/],
  [
    'is of another issuer',
    { iss: 'https://other.acme-corp.dev' },
    'issuer',
    'this server',
    /Set FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS to exactly/,
  ],
  [
    'is for another server',
    { aud: 'https://crm.acme-corp.dev' },
    'audience',
    'the client',
    /ask for one with resource=https:\/\/notes/,
  ],
  [
    'has an audience that differs by a slash',
    { aud: `${audience}/` },
    'audience',
    'this server',
    /set FASTMCP_SERVER_AUTH_INTROSPECTION_AUDIENCE to what is found/,
  ],
  ['expired', { exp: nowSeconds - 4_000 }, 'times', 'the client', /refresh token/],
  [
    'is bound to a certificate',
    { cnf: { 'x5t#S256': 'a'.repeat(43) } },
    'binding',
    'the client',
    /bearer token/,
  ],
  [
    'has no client',
    { sub: undefined, client_id: undefined },
    'claims',
    'the identity provider',
    /write the claim/,
  ],
  ['lacks a scope', { scope: 'other' }, 'scopes', 'the client', /must ask for read:data/],
])(
  'names the first broken step of an opaque token that %s',
  async (_name, changes, step, owner, cure) => {
    const answer = await explain(await startIntrospection(says(changes)));

    expect(answer).toMatchObject({ accepted: false, firstBroken: step, owner });
    expect(answer.cure).toMatch(cure);
    const states = answer.steps.map(({ state }: { state: string }) => state);
    expect(states.lastIndexOf('passed')).toBe(states.indexOf('failed') - 1);
  },
);

it.each<[string, () => Promise<string>, string, RegExp]>([
  [
    'refuses this server',
    () => startIntrospection(refuses(401)),
    'this server',
    /Correct FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_ID and/,
  ],
  [
    'has a fault',
    () => startIntrospection(refuses(500)),
    'the identity provider',
    /Look at the state of 127/,
  ],
  [
    'answers no JSON',
    () => startIntrospection((response) => void response.end('<h1>')),
    'the identity provider',
    /it is not JSON that can be read/,
  ],
  [
    'is not there',
    async () => unused,
    'the identity provider',
    /correct the port in FASTMCP_SERVER_AUTH_INTROSPECTION_URL/,
  ],
])('names the question where the authorization server %s', async (_name, url, owner, cure) => {
  const answer = await explain(await url());

  expect(answer).toMatchObject({ accepted: false, firstBroken: 'question', owner });
  expect(answer.cure).toMatch(cure);
});

it('tries an opaque token for a tool', async () => {
  const url = await startIntrospection(says({}));

  expect(await explain(url, ['--tool', 'write_note'])).toMatchObject({
    status: 403,
    firstBroken: 'scopes',
    owner: 'the client',
  });
});

it.each<[string, string, readonly string[], object]>([
  ['is one', 'dev-token-12345-anonymous', [], { accepted: true, status: 200 }],
  [
    'is none',
    'another-token-12345-anonymous',
    [],
    { status: 401, firstBroken: 'token', owner: 'the client' },
  ],
  [
    'lacks a scope',
    'dev-token-12345-anonymous',
    ['--tool', 'write_note'],
    { status: 403, firstBroken: 'scopes', owner: 'this server' },
  ],
])('explains a fixed token that %s', async (_name, input, words, expected) => {
  const { output } = await command(['explain', '--json', ...words], {
    variables: settings({
      TYPE: 'static',
      RESOURCE_URL: audience,
      // The space keeps it apart from the claims that other tests show.
      STATIC_TOKENS: `{ "dev-token-12345-anonymous": { "client_id" : "me", "scopes" : ["read:data"] } }`,
      TOOL_SCOPES: '{"write_note": ["write:data"]}',
    }),
    input,
  });

  expect(JSON.parse(output)).toMatchObject(expected);
});
