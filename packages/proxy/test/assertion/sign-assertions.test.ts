/** What the upstream learns of a caller, and who can say it. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type AuthError, ConfigError, Secret } from '@sallyport/core';
import { createJwtVerifier, localJwks } from '@sallyport/verifier-jwt';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandomKey } from '../../src/assertion/assertion-key.ts';
import { type Caller, createAssertionSigner } from '../../src/assertion/sign-assertions.ts';
import {
  assertionType,
  createHttpUpstream,
  type HttpUpstreamOptions,
  keySetPath,
} from '../../src/index.ts';
import {
  alice,
  bob,
  createTestGate,
  issuer,
  ping,
  post,
  resource,
  startProxy,
  type TestProxy,
  tokenOf,
} from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

const createKey = (namedCurve = 'P-256'): KeyObject =>
  generateKeyPairSync('ec', { namedCurve }).privateKey;
const publicPem = (key: KeyObject) =>
  new Secret(createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString());
const toPem = (key: KeyObject, type: 'pkcs8' | 'sec1' = 'pkcs8') =>
  new Secret(key.export({ type, format: 'pem' }).toString());
const toJwk = (key: KeyObject) => new Secret(JSON.stringify(key.export({ format: 'jwk' })));
const minutes = 60_000;

let upstream: RecordingUpstream;
const proxies: TestProxy[] = [];
beforeEach(async () => {
  upstream = await startRecordingUpstream();
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.stop();
  await upstream.stop();
});

async function setUp(options: Partial<HttpUpstreamOptions> = {}): Promise<TestProxy> {
  const proxy = await startProxy({ url: upstream.url, ...options });
  proxies.push(proxy);
  return proxy;
}

async function assertionOf(proxy: TestProxy, token: string = alice): Promise<string> {
  upstream.seen.length = 0;
  await post(proxy.url, ping, { token });
  return upstream.seen[0]?.headers.authorization?.replace('Bearer ', '') ?? '';
}

async function keySetOf(proxy: TestProxy) {
  const response = await fetch(new URL(keySetPath, proxy.url));
  return { response, json: (await response.json()) as { keys: { kid: string }[] } };
}

describe('an assertion', () => {
  it('verifies with the key set, and says who is calling for whom', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const proxy = await setUp({ assertionKey: toPem(createKey()) });
    const assertion = await assertionOf(proxy, tokenOf('alice', 'notes:read', 'notes:write'));
    const { json } = await keySetOf(proxy);
    const { payload, protectedHeader } = await jwtVerify(
      assertion,
      createLocalJWKSet(json as never),
      {
        issuer: resource,
        audience: upstream.url,
        typ: assertionType,
        algorithms: ['ES256'],
      },
    );

    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'sallyport-assertion+jwt',
      kid: json.keys[0]?.kid,
    });
    expect(payload).toEqual({
      iss: resource,
      aud: upstream.url,
      sub: `${issuer}#alice`,
      client_id: 'client-1',
      scope: 'notes:read notes:write',
      caller_issuer: issuer,
      caller_subject: 'alice',
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 60,
    });
    expect(payload.iat).toBeGreaterThanOrEqual(now);
    expect(payload.iat).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000));
  });

  it('holds nothing of the token', async () => {
    const assertion = await assertionOf(await setUp());
    const claims = JSON.stringify(decodeJwt(assertion));

    expect(claims).not.toContain(alice);
    expect(JSON.stringify(upstream.seen[0]?.rawHeaders)).not.toContain(alice);
  });

  it('is for the audience of the options', async () => {
    const proxy = await setUp({ audience: 'notes-server' });

    expect(decodeJwt(await assertionOf(proxy))).toMatchObject({ aud: 'notes-server' });
  });

  it('is the same for half a minute, then another, and never that of another caller', async () => {
    let time = 1_000_000_000_000;
    const proxy = await setUp({ now: () => time });
    const first = await assertionOf(proxy);
    const others = [bob, tokenOf('alice', 'notes:write'), tokenOf('alice')];
    const all = [first];
    for (const token of others) all.push(await assertionOf(proxy, token));
    time += 29_999;
    const again = await assertionOf(proxy);
    time += 1;
    const next = await assertionOf(proxy);

    expect(again).toBe(first);
    expect(new Set([...all, next]).size).toBe(5);
    expect(decodeJwt(next).exp).toBe(1_000_000_030 + 60);
  });

  it('names issuer and subject so that no two callers have the same sub', async () => {
    const gate = createTestGate();
    const { auth } = { auth: await callerOf(gate) };
    const subs = new Set<unknown>();
    const pairs = [
      ['https://a.example', 'b#c'],
      ['https://a.example#b', 'c'],
      ['https://a.example%23b', 'c'],
      ['https://a.example', 'b%23c'],
      ['https://a.example#b%23', 'c'],
    ];
    const proxy = await setUp();
    for (const [otherIssuer, subject] of pairs) {
      upstream.seen.length = 0;
      proxy.server.removeAllListeners('request');
      proxy.server.on('request', (request, response) => {
        const extra = { ...auth?.extra, issuer: otherIssuer, subject };
        Object.assign(request, { auth: { ...auth, extra } });
        void proxy.upstream.handle(request as never, response, ping);
      });
      await post(proxy.url, ping);
      subs.add(decodeJwt(upstream.seen[0]?.headers.authorization?.slice(7) ?? '').sub);
    }

    expect(subs.size).toBe(pairs.length);
  });

  it.each([
    ['https://mcp.example.com', 'https://mcp.example.com'],
    ['https://mcp.example.com/?tenant=a', 'https://mcp.example.com/?tenant=a'],
  ])('names the resource %s as the configuration writes it', async (href, iss) => {
    const auth = { ...(await callerOf(createTestGate())), resource: new URL(href) };
    const proxy = await setUp();
    proxy.server.removeAllListeners('request');
    proxy.server.on('request', (request, response) => {
      void proxy.upstream.handle(Object.assign(request, { auth }) as never, response, ping);
    });

    expect(decodeJwt(await assertionOf(proxy))).toMatchObject({ iss });
  });

  it('is remembered for the last 1,000 callers', async () => {
    const key = createRandomKey();
    const sign = createAssertionSigner({ audience: 'a', currentKey: () => key, now: () => 0 });
    const caller = await callerOf(createTestGate());
    const signFor = (index: number) =>
      sign({ ...caller, extra: { ...caller?.extra, subject: `${index}` } } as Caller);
    const assertions = Array.from({ length: 1_001 }, (_none, index) => signFor(index));

    // Each signature has a number of its own.
    expect(signFor(1)).toBe(assertions[1]);
    expect(signFor(0)).not.toBe(assertions[0]);
  });

  it('is refused by a Sallyport gate that trusts the very same key, issuer and audience', async () => {
    const key = createKey();
    const proxy = await setUp({ assertionKey: toPem(key), audience: resource });
    const assertion = await assertionOf(proxy);
    const { json } = await keySetOf(proxy);
    for (const profile of ['rfc9068', 'legacy', 'id-token'] as const) {
      const verifier = createJwtVerifier({
        issuer: resource,
        audience: resource,
        algorithms: ['ES256'],
        keys: localJwks(json as never),
        profile,
      } as never);
      const outcome = await verifier
        .verify(assertion, { signal: AbortSignal.timeout(60_000), now: Date.now } as never)
        .catch((error: AuthError) => error.code);

      expect(outcome).toBe('token_type_forbidden');
    }
  });
});

describe('the key', () => {
  it.each([
    ['PKCS #8', (key: KeyObject) => toPem(key)],
    ['SEC 1', (key: KeyObject) => toPem(key, 'sec1')],
    ['a JWK', toJwk],
    ['white space around it', (key: KeyObject) => new Secret(`\n${toPem(key).reveal()}\n\n`)],
  ])('may be %s', async (_name, write) => {
    const key = createKey();
    const proxy = await setUp({ assertionKey: write(key) });
    const { json } = await keySetOf(proxy);

    expect(json.keys).toHaveLength(1);
    expect(json.keys[0]).toMatchObject({
      x: key.export({ format: 'jwk' }).x,
      use: 'sig',
      alg: 'ES256',
    });
    expect(proxy.events).toEqual([]);
  });

  it.each([
    ['an empty text', ''],
    ['a password', 'correct horse battery staple'],
    ['another curve', toPem(createKey('P-384')).reveal()],
    ['secp256k1', toPem(createKey('secp256k1')).reveal()],
    ['RSA', toPem(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey).reveal()],
    [
      'a public key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
    ],
    ['a public JWK', '{"kty":"EC","crv":"P-256","x":"a","y":"b"}'],
    ['a JWK set', '{"keys":[]}'],
    ['broken JSON', '{"kty"'],
  ])('may not be %s', (_name, text) => {
    const create = () => createHttpUpstream({ url: upstream.url, assertionKey: new Secret(text) });

    expect(create).toThrow(ConfigError);
    expect(create).toThrow(/^upstream\.assertionKey: must be a private key of the curve P-256/);
  });

  it.each([
    ['a password', 'correct horse battery staple'],
    ['of another curve', publicPem(createKey('P-384')).reveal()],
  ])('that is only published may not be %s', (_name, text) => {
    const publishedKeys = [publicPem(createKey()), new Secret(text)];
    const create = () => createHttpUpstream({ url: upstream.url, publishedKeys });

    expect(create).toThrow(
      /^upstream\.publishedKeys\[1\]: must be a public key of the curve P-256/,
    );
  });

  it('is random without one, and an event says so', async () => {
    const [first, second] = [await setUp(), await setUp()];
    const kids = [await assertionOf(first), await assertionOf(second)].map(
      (assertion) => decodeProtectedHeader(assertion).kid,
    );

    expect(new Set(kids).size).toBe(2);
    expect(first.events).toMatchObject([{ type: 'assertion_key_random' }]);
  });
});

describe('the key set', () => {
  it('is public, may be cached for 5 minutes, and holds no private member', async () => {
    const proxy = await setUp({
      assertionKey: toPem(createKey()),
      publishedKeys: [toPem(createKey()), toJwk(createKey()), publicPem(createKey())],
    });
    const { response, json } = await keySetOf(proxy);

    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300');
    expect(json.keys).toHaveLength(4);
    for (const key of json.keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('has a length that HEAD says without the keys', async () => {
    const proxy = await setUp();
    const { response } = await keySetOf(proxy);
    const head = await fetch(new URL(keySetPath, proxy.url), { method: 'HEAD' });

    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('Content-Length')).toBe(response.headers.get('Content-Length'));
  });

  it.each(['POST', 'DELETE', 'PUT'])('answers %s with 405', async (method) => {
    const proxy = await setUp();

    expect((await fetch(new URL(keySetPath, proxy.url), { method })).status).toBe(405);
  });

  it('leaves every other path to the gate', async () => {
    const proxy = await setUp();
    for (const path of [`${keySetPath}/`, `/a${keySetPath}`, '/mcp']) {
      expect((await fetch(new URL(path, proxy.url))).status).not.toBe(200);
    }
  });

  it('has a new key before it signs, and the old one after', async () => {
    let time = 0;
    const proxy = await setUp({ assertionKey: toPem(createKey()), now: () => time });
    const kidsOf = async () => (await keySetOf(proxy)).json.keys.map(({ kid }) => kid);
    const signing = async () => decodeProtectedHeader(await assertionOf(proxy)).kid;
    const [oldKid] = await kidsOf();
    const next = createKey();
    proxy.upstream.replaceAssertionKey(toPem(next));
    const published = await kidsOf();
    const newKid = published.find((kid) => kid !== oldKid);

    expect(published).toHaveLength(2);
    expect(await signing()).toBe(oldKid);
    time += 10 * minutes - 1;
    proxy.upstream.replaceAssertionKey(toJwk(next));
    expect(await signing()).toBe(oldKid);
    time += 1;
    expect(await signing()).toBe(newKid);
    expect(await kidsOf()).toEqual([newKid, oldKid]);
    time += 10 * minutes - 1;
    expect(await kidsOf()).toHaveLength(2);
    time += 1;
    expect(await kidsOf()).toEqual([newKid]);
  });

  it('forgets a new key that was taken back before it signed', async () => {
    let time = 0;
    const first = toPem(createKey());
    const proxy = await setUp({ assertionKey: first, now: () => time });
    const kid = decodeProtectedHeader(await assertionOf(proxy)).kid;
    proxy.upstream.replaceAssertionKey(toPem(createKey()));
    proxy.upstream.replaceAssertionKey(first);
    time += 60 * minutes;

    expect(decodeProtectedHeader(await assertionOf(proxy)).kid).toBe(kid);
    expect((await keySetOf(proxy)).json.keys).toHaveLength(1);
  });

  it('keeps the key when the next secret is none', async () => {
    const proxy = await setUp({ assertionKey: toPem(createKey()) });
    const kid = decodeProtectedHeader(await assertionOf(proxy)).kid;

    expect(() => proxy.upstream.replaceAssertionKey(new Secret('x'))).toThrow(ConfigError);
    expect(decodeProtectedHeader(await assertionOf(proxy)).kid).toBe(kid);
  });
});

/** `auth` of a request that passed a gate. */
async function callerOf(gate: ReturnType<typeof createTestGate>) {
  const decision = await gate.handle({
    method: 'POST',
    target: '/mcp',
    host: 'mcp.example.com',
    field: (name) => (name === 'authorization' ? [`Bearer ${alice}`] : []),
    clientAddress: '127.0.0.1',
    signal: AbortSignal.timeout(60_000),
    readJson: async () => ({ ok: true, value: ping }),
  });
  if (!decision.pass) throw new Error('the gate refused');
  return decision.authInfo;
}
