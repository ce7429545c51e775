/** Denied callers at a real server: their verified tokens are in the cache, and their streams are open. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type AuditEvent, createGuard, createScopePolicy, Secret } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createJwtVerifier, hmacSecret } from '@sallyport/verifier-jwt';
import { SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import {
  addDenied,
  createDenialList,
  createEmptyList,
  type DenialStore,
  type Denied,
} from '../src/index.ts';

const resource = 'https://mcp.example.com/mcp';
const issuer = 'https://auth.example.com';
const secret = 'a secret of the tests that is long enough for HS256: 7f3a9c1e5b';

function mint(subject: string): Promise<string> {
  return new SignJWT({ client_id: `client of ${subject}`, jti: `token of ${subject}` })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(resource)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

/** A list in memory, so that the test says when instances read it. */
function createMemoryStore(): DenialStore {
  let text: string | undefined;
  return {
    name: 'memory',
    read: async () => text,
    async replace(expected, next) {
      if (text !== expected) return false;
      text = next;
      return true;
    },
  };
}

async function setUp() {
  const store = createMemoryStore();
  await createEmptyList(store);
  return setUpWith(store);
}

function setUpWith(store: DenialStore) {
  const audit: AuditEvent[] = [];
  const denial = createDenialList({ store });
  const guard = createGuard({
    verifier: createJwtVerifier({
      issuer,
      audience: resource,
      algorithms: ['HS256'],
      keys: hmacSecret(new Secret(secret)),
    }),
    rateLimiter: createMemoryRateLimiter(),
    audit: { emit: (event) => audit.push(event) },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    rules: [denial],
  });
  const gate = createMcpGate({
    resource,
    guard,
    authorizationServers: [issuer],
    scopes: { tools: { list: [] } },
  });
  onTestFinished(() => guard.close());
  return { store, guard, gate, audit };
}

const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list', arguments: {} },
});
const post = (token: string) => ({
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body,
});

/** Answers a GET and a slow call with a stream that never ends by itself. */
function streaming(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': open\n\n');
}

async function listen(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const entries: readonly [string, Denied, number][] = [
  ['subject', { issuer, subject: 'bob', reason: 'left' }, 403],
  ['client', { issuer, client: 'client of bob', reason: 'stolen laptop' }, 403],
  ['token', { issuer, token: 'token of bob', reason: 'found on a paste site' }, 401],
];

it.each(entries)(
  'DEN-01: refuses a denied %s whose token is in the cache, and nobody else',
  async (_kind, entry, status) => {
    const { store, gate, audit } = await setUp();
    const gated = fetchGate(gate, () => new Response('let in'));
    const [bob, eve] = [await mint('bob'), await mint('eve')];
    const ask = (token: string) => gated(new Request(resource, post(token)), '203.0.113.7');
    expect((await ask(bob)).status).toBe(200);
    await addDenied(store, entry);
    await expect.poll(async () => (await ask(bob)).status, { interval: 100 }).toBe(status);
    const answer = await ask(bob);
    const challenge = answer.headers.get('WWW-Authenticate');

    expect((await ask(eve)).status).toBe(200);
    expect(challenge?.includes('error="invalid_token"') ?? false).toBe(status === 401);
    expect(challenge ?? '').not.toContain('scope=');
    expect(await answer.text()).not.toContain(entry.reason);
    expect(audit).toContainEqual(
      expect.objectContaining({ detail: `denied: ${entry.reason}`, subject: 'bob' }),
    );
  },
);

it.each(entries)(
  'DEN-05: ends the open streams of a denied %s on HTTP/1.1',
  async (_kind, entry) => {
    const { store, gate } = await setUp();
    const url = await listen(nodeGate(gate, streaming));
    const [bob, eve] = [await mint('bob'), await mint('eve')];
    const open = async (request: RequestInit) => {
      const reader = (await fetch(url, request)).body?.getReader();
      await reader?.read();
      return reader;
    };
    const get = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
    const others = await open(get(eve));
    const streams = [await open(get(bob)), await open(post(bob))];
    await addDenied(store, entry);

    for (const stream of streams) expect(await stream?.read()).toMatchObject({ done: true });
    const still = await Promise.race([others?.read(), Promise.resolve('open')]);
    expect(still).toBe('open');
    await others?.cancel();
  },
);

it('DEN-05: ends the open streams of a denied caller on HTTP/2 and on the Fetch API', async () => {
  const { store, gate, audit } = await setUp();
  const handler = nodeGate(gate, streaming);
  const server = createHttp2Server((request, response) =>
    handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    session.destroy();
    server.close();
  });
  const bob = await mint('bob');
  const stream = session.request({ ':path': '/mcp', authorization: `Bearer ${bob}` });
  await once(stream, 'data');
  const ended = once(stream.resume(), 'end');
  const gated = fetchGate(
    gate,
    () =>
      new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([58, 10])) }),
        {
          headers: { 'Content-Type': 'text/event-stream' },
        },
      ),
  );
  const request = new Request(resource, { headers: { Authorization: `Bearer ${bob}` } });
  const reader = (await gated(request, '203.0.113.7')).body?.getReader();
  expect(await reader?.read()).toMatchObject({ done: false });
  await addDenied(store, { issuer, subject: 'bob', reason: 'left' });

  expect(await reader?.read()).toMatchObject({ done: true });
  await ended;
  expect(audit.filter(({ code }) => code === 'caller_denied')).toHaveLength(2);
});

it('DEN-02: answers 503 until a list was read, and lets in then', async () => {
  const store = createMemoryStore();
  const { gate } = setUpWith(store);
  const gated = fetchGate(gate, () => new Response('let in'));
  const bob = await mint('bob');
  const ask = () => gated(new Request(resource, post(bob)), '203.0.113.7');
  const answer = await ask();

  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '2']);
  await createEmptyList(store);
  await expect.poll(async () => (await ask()).status, { interval: 100 }).toBe(200);
});
