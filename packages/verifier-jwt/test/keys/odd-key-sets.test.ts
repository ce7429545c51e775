/** CASE-35: key sets that real servers publish, and whose form is unusual. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testContext } from '@sallyport/contract-tests';
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AsymmetricAlgorithm,
  createJwtVerifier,
  discoverJwks,
  type KeyEvent,
  localJwks,
  type PublicKeySource,
  publicKey,
  remoteJwks,
} from '../../src/index.ts';
import { audience, goodClaims, issuer, judge, segment } from '../fixture.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'development' });

const createEs256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const createRs256 = (publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent });
type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const ec = createEs256();
const otherEc = createEs256();
const rsa = createRs256();
const jwk = ({ publicKey }: Pair, members: object = {}) => ({
  ...publicKey.export({ format: 'jwk' }),
  ...members,
});

/** A good token, with these members in its header. */
function mint({ privateKey }: Pair, header: object = {}, iss: string = issuer): string {
  const isRsa = privateKey.asymmetricKeyType === 'rsa';
  const head = segment({ alg: isRsa ? 'RS256' : 'ES256', typ: 'at+jwt', ...header });
  const input = `${head}.${segment({ ...goodClaims, iss })}`;
  const key = isRsa ? privateKey : { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

const verifierOf = (
  keys: PublicKeySource,
  algorithms: readonly [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]] = ['ES256', 'RS256'],
  iss: string = issuer,
) => createJwtVerifier({ issuer: iss, audience, algorithms, keys });

describe('CASE-35: a key without kid', () => {
  const enc = jwk(rsa, { kid: 'enc', use: 'enc' });
  const weak = { ...jwk(rsa), n: 'AQAB' };

  it.each<[string, readonly unknown[]]>([
    ['alone', [jwk(ec)]],
    ['alone, with an empty kid', [jwk(ec, { kid: '' })]],
    ['alone, with a kid of null', [jwk(ec, { kid: null })]],
    ['there twice', [jwk(ec), jwk(ec)]],
    ['beside a key for encryption', [jwk(ec), enc]],
    ['beside a nameless key that is broken', [weak, jwk(ec)]],
    ['beside a key of an unknown kind', [{ kty: 'AKP', kid: 'pq' }, jwk(ec)]],
  ])('verifies tokens with any kid, or none: %s', async (_name, keys) => {
    const verifier = verifierOf(localJwks({ keys }));

    for (const header of [{}, { kid: 'any' }, { kid: '' }, { kid: null }]) {
      expect(await judge(mint(ec, header), verifier)).toEqual({ code: 'verified' });
      expect((await judge(mint(otherEc, header), verifier)).code).toBe('token_signature_invalid');
    }
    expect((await judge(mint(rsa, { kid: 'any' }), verifier)).code).toBe('token_key_unknown');
  });

  it.each<[string, readonly unknown[], string]>([
    ['another nameless one', [jwk(ec), jwk(otherEc)], '2 without a name'],
    ['a nameless one for another algorithm', [jwk(ec), jwk(rsa)], '2 without a name'],
    ['nothing but a broken one', [weak], '1 too weak'],
  ])('is not used beside %s, and the start says so', (_name, keys, faults) => {
    expect(() => verifierOf(localJwks({ keys }))).toThrow(
      `jwt.keys: no key fits ES256, RS256: ${faults}`,
    );
  });

  it('is not used beside one with a kid', async () => {
    const verifier = verifierOf(localJwks({ keys: [jwk(ec), jwk(rsa, { kid: 'a' })] }));

    expect(await judge(mint(rsa, { kid: 'a' }), verifier)).toEqual({ code: 'verified' });
    expect((await judge(mint(ec, { kid: 'b' }), verifier)).code).toBe('token_key_unknown');
    expect(await judge(mint(ec), verifier)).toEqual({
      code: 'token_malformed',
      detail: 'header: kid: absent; the issuer has several keys, and kid selects one',
    });
  });

  it('stays bound to one algorithm (TOK-27)', async () => {
    const verifier = verifierOf(localJwks({ keys: [jwk(rsa)] }), ['PS256', 'RS256']);

    expect((await judge(mint(rsa, { kid: 'any' }), verifier)).code).toBe('token_key_unknown');
  });

  it('is for its own issuer alone (CLM-13)', async () => {
    const keys = localJwks({ keys: [jwk(ec, { issuer: 'https://other.example.com' })] });

    expect((await judge(mint(ec), verifierOf(keys))).code).toBe('token_issuer_untrusted');
  });
});

describe('CASE-32: an empty member of a key counts as absent', () => {
  const names = [
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'],
    ...['use', 'alg', 'key_ops', 'issuer', 'crv', 'ext', 'x5c', 'x5t', 'x5t#S256', 'x5u'],
  ];
  const published = jwk(rsa, { kid: 'a' });

  it.each(names)('%s: null, "" or []', async (name) => {
    for (const value of [null, '', []]) {
      const { origin, url, events, remote } = await serveKeys();
      origin.keys = [{ ...published, [name]: value }];

      expect((await judge(mint(rsa, { kid: 'a' }, url), remote())).code).toBe('verified');
      // No alarm of a leaked secret.
      expect(events).toEqual([{ type: 'keys_loaded', count: 1, ttlSeconds: 3_600 }]);
    }
  });

  it('all at once, as some servers write every member', async () => {
    const empty = Object.fromEntries(names.map((name) => [name, null]));
    const keys = localJwks({ keys: [{ ...published, ...empty, d: '', key_ops: [] }] });

    expect((await judge(mint(rsa, { kid: 'a' }), verifierOf(keys))).code).toBe('verified');
  });

  it.each([
    ['d', 'AQAB', 'private'],
    ['p', 'AQAB', 'private'],
    ['oth', [{}], 'private'],
    ['d', 0, 'private'],
    ['k', 'AQAB', 'symmetric'],
    ['k', {}, 'symmetric'],
    ['use', 'enc', 'not for signatures'],
    ['key_ops', ['sign'], 'not for signatures'],
    ['alg', 'RS512', 'unsupported'],
    ['n', '', 'malformed'],
    ['e', null, 'malformed'],
  ] as const)('but not %s: %j', async (name, value, reason) => {
    const { origin, url, events, remote } = await serveKeys();
    origin.keys = [{ ...published, [name]: value }, jwk(ec, { kid: 'b' })];

    expect((await judge(mint(ec, { kid: 'b' }, url), remote())).code).toBe('verified');
    expect(events[0]).toEqual({ type: 'keys_dropped', reason, count: 1 });
  });
});

it.each(['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256'])(
  'CASE-33: ignores %s in the header of a token, whatever the keys come from (TOK-13)',
  async (name) => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { origin, url } = await serveKeys();
    const values = [
      `${url}/keys`,
      [`${url}/keys`],
      'https://uaa.acme.dev/token_keys',
      null,
      '',
      [],
    ];

    for (const value of values) {
      const token = mint(rsa, { kid: 'a', [name]: value });
      const fixed = verifierOf(localJwks({ keys: [jwk(rsa, { kid: 'a' })] }));
      expect((await judge(token, fixed)).code).toBe('verified');
      expect((await judge(token, verifierOf(publicKey(pem), ['RS256']))).code).toBe('verified');
    }
    expect(origin.fetches).toBe(0);
  },
);

/** A real server whose key set and media type the test changes. */
async function serveKeys() {
  const origin = { keys: [jwk(ec)] as readonly unknown[], type: 'application/json', fetches: 0 };
  const server = createServer((request, response) => {
    origin.fetches += 1;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const body = request.url?.startsWith('/.well-known')
      ? { issuer: url, jwks_uri: `${url}/jwks` }
      : { keys: origin.keys };
    response.writeHead(200, origin.type === '' ? {} : { 'Content-Type': origin.type });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const events: KeyEvent[] = [];
  const clock = { now: 0 };
  const fetching = {
    environment,
    monotonicNow: () => clock.now,
    onKeyEvent: (event: KeyEvent) => void events.push(event),
  };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = (keys: PublicKeySource) => {
    const verifier = verifierOf(keys, ['ES256', 'RS256'], url);
    onTestFinished(() => verifier.close?.());
    return verifier;
  };
  return {
    origin,
    url,
    events,
    clock,
    remote: () => open(remoteJwks({ ...fetching, url: `${url}/jwks` })),
    discovered: () => open(discoverJwks({ ...fetching, issuer: url })),
  };
}

it('CASE-35: a nameless key that was replaced is fetched anew, as one with a new kid is (CASE-27)', async () => {
  const { origin, url, clock, remote } = await serveKeys();
  const verifier = remote();
  const old = mint(ec, {}, url);
  const fresh = mint(otherEc, {}, url);
  expect((await judge(old, verifier)).code).toBe('verified');

  origin.keys = [jwk(otherEc)];
  expect((await judge(fresh, verifier)).code).toBe('token_key_pending');
  clock.now = 5_000;
  expect((await judge(fresh, verifier)).code).toBe('verified');
  expect(origin.fetches).toBe(2);
  // The old one is withdrawn: also for a token that was remembered.
  clock.now = 10_000;
  expect((await judge(old, verifier)).code).toBe('token_signature_invalid');
  expect((await judge(fresh, verifier)).code).toBe('verified');
  expect(origin.fetches).toBe(3);
});

it('CASE-35: bad signatures under a nameless key make one fetch in 5 seconds (JWK-12)', async () => {
  const { origin, url, clock, remote } = await serveKeys();
  const verifier = remote();
  for (let time = 0; time < 20_000; time += 500) {
    clock.now = time;
    const context = testContext({ allowRemote: false });
    await expect(verifier.verify(mint(otherEc, {}, url), context)).rejects.toMatchObject({
      code: expect.stringMatching(/^token_(signature_invalid|key_pending)$/),
    });
  }
  expect(origin.fetches).toBe(4);
});

it.each([
  ['text/plain', 'verified'],
  ['text/plain; charset=utf-8', 'verified'],
  ['TEXT/PLAIN', 'verified'],
  ['text/json', 'verified'],
  ['application/octet-stream', 'verified'],
  ['binary/octet-stream', 'verified'],
  ['application/x-json', 'verified'],
  ['application/jwk-set+json', 'verified'],
  ['', 'verified'],
  ['text/html', 'keys: the answer is not JSON by its Content-Type: text/html'],
  ['application/xml', 'keys: the answer is not JSON by its Content-Type: application/xml'],
])('CASE-35: keys and metadata that are labelled %j are %s', async (type, outcome) => {
  const { origin, url, events, remote, discovered } = await serveKeys();
  origin.type = type;
  const token = mint(ec, {}, url);

  for (const verifier of [remote(), discovered()]) {
    const { code, detail } = await judge(token, verifier);
    expect(detail ?? code).toBe(outcome);
  }
  expect(events.map((event) => ('detail' in event ? event.detail : 'loaded'))).toEqual(
    Array(2).fill(outcome === 'verified' ? 'loaded' : outcome),
  );
});

it.each([
  [[jwk(ec), jwk(otherEc)], 'keys: no usable key: 2 without a name'],
  [
    [{ ...jwk(rsa), n: 'AQAB' }, jwk(rsa, { use: 'enc' })],
    'keys: no usable key: 1 not for signatures, 1 too weak',
  ],
  [[jwk(rsa, { kid: 'a', e: 35 })], 'keys: no usable key: 1 malformed'],
  [[], 'keys: no usable key'],
])('CASE-35: the event and the refusal say why no key can be used: %#', async (keys, detail) => {
  const { origin, url, events, remote } = await serveKeys();
  origin.keys = keys;

  expect(await judge(mint(ec, {}, url), remote())).toEqual({
    code: 'upstream_unavailable',
    detail,
  });
  expect(events).toContainEqual({ type: 'keys_unavailable', detail });
});

it.each([
  [3, 'too weak'],
  [5, 'verified'],
  [35, 'verified'],
  [257, 'verified'],
])(
  'CASE-35: an RSA key with the public exponent %i is %s (RFC 8017 §3.1)',
  async (exponent, outcome) => {
    const pair = createRs256(exponent);
    const make = () => verifierOf(localJwks({ keys: [jwk(pair, { kid: 'a' })] }));

    if (outcome === 'verified') {
      expect((await judge(mint(pair, { kid: 'a' }), make())).code).toBe(outcome);
    } else expect(make).toThrow(outcome);
  },
);
