/** Rows SEC-13 and SEC-15: keys at hand that are replaced while tokens are verified. */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { testContext } from '@sallyport/contract-tests';
import { ConfigError, type TokenVerifier } from '@sallyport/core';
import { exportSPKI, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  hmacSecret,
  localJwks,
  publicKey,
  type RotatingOptions,
  rotating,
} from '../../src/index.ts';
import type { HmacKeySource, KeyRing, VerificationKey } from '../../src/keys/key-source.ts';
import { audience, goodClaims, issuer, judge, jwks, rs256 } from '../fixture.ts';

const randomSecret = (bytes = 48) => randomBytes(bytes).toString('base64url');
const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => randomSecret()) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

function sign(secret: string, algorithm = 'HS256', claims: object = {}): Promise<string> {
  return new SignJWT({ ...goodClaims, ...claims })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
    .sign(Buffer.from(secret));
}

const rsaPem = await exportSPKI(rs256.publicKey);
const graceMs = 600_000;

/** A verifier whose first key is `a`, on a clock of the test's own. */
function setUp({
  maximumTokens = 10_000,
  ...options
}: {
  readonly maximumTokens?: number;
  readonly graceSeconds?: number;
  readonly previous?: NonNullable<RotatingOptions<HmacKeySource>['previous']>;
} = {}) {
  const clock = { now: 0 };
  const keys = rotating({ keys: hmacSecret(a), monotonicNow: () => clock.now, ...options });
  const verifier = createJwtVerifier({
    issuer,
    audience,
    algorithms: ['HS256'],
    keys,
    cache: { maximumTokens },
  });
  return { clock, keys, verifier, replace: (secret: string) => keys.replace(hmacSecret(secret)) };
}

const judgeAll = async (verifier: TokenVerifier, ...secrets: readonly string[]) =>
  Promise.all(secrets.map(async (secret) => (await judge(await sign(secret), verifier)).code));

const good = 'verified';
const bad = 'token_signature_invalid';

describe.each([
  ['with a cache', 10_000],
  ['without a cache', 0],
])('rotating, %s', (_case, maximumTokens) => {
  it('puts the next key in force at once, and keeps the one before (SEC-13)', async () => {
    const { verifier, replace } = setUp({ maximumTokens });
    expect(await judgeAll(verifier, a, b)).toEqual([good, bad]);
    replace(b);

    expect(await judgeAll(verifier, a, b, c)).toEqual([good, good, bad]);
  });

  it('forgets the one before after its grace, known tokens included (SEC-13)', async () => {
    const { verifier, replace, clock } = setUp({ maximumTokens });
    // One that is known from when its key was in force, and one from when it was not any more.
    const [before, during] = [await sign(a), await sign(a, 'HS256', { jti: 'during' })];
    expect((await judge(before, verifier)).code).toBe(good);
    replace(b);
    clock.now = graceMs - 1;
    for (const token of [before, during, during]) {
      expect((await judge(token, verifier)).code).toBe(good);
    }
    clock.now = graceMs;
    for (const token of [before, during, await sign(a, 'HS256', { jti: 'after' })]) {
      expect((await judge(token, verifier)).code).toBe(bad);
    }
    expect(await judgeAll(verifier, b)).toEqual([good]);
  });

  it('lets each of several live out its own grace (SEC-13)', async () => {
    const { verifier, replace, clock } = setUp({ maximumTokens });
    for (const secret of [b, c, d]) {
      clock.now += 100_000;
      replace(secret);
    }
    expect(await judgeAll(verifier, a, b, c, d)).toEqual([good, good, good, good]);
    clock.now = 100_000 + graceMs;
    expect(await judgeAll(verifier, a, b, c, d)).toEqual([bad, good, good, good]);
    clock.now = 200_000 + graceMs;
    expect(await judgeAll(verifier, a, b, c, d)).toEqual([bad, bad, good, good]);
    clock.now = 300_000 + graceMs;
    expect(await judgeAll(verifier, a, b, c, d)).toEqual([bad, bad, bad, good]);
  });

  it('keeps the last four, however many there were (SEC-13)', async () => {
    const { verifier, replace } = setUp({ maximumTokens });
    expect(await judgeAll(verifier, a)).toEqual([good]);
    for (const secret of [b, c, d, e]) replace(secret);
    expect(await judgeAll(verifier, a, b, c, d, e)).toEqual([good, good, good, good, good]);
    for (let count = 0; count < 5; count += 1) replace(e);
    expect(await judgeAll(verifier, a, b, c, d, e)).toEqual([good, good, good, good, good]);
    replace(f);

    expect(await judgeAll(verifier, a, b, c, d, e, f)).toEqual([bad, good, good, good, good, good]);
  });

  it('keeps none with no grace (SEC-13)', async () => {
    const { verifier, replace } = setUp({ maximumTokens, graceSeconds: 0 });
    expect(await judgeAll(verifier, a)).toEqual([good]);
    replace(b);

    expect(await judgeAll(verifier, a, b)).toEqual([bad, good]);
  });

  it('takes the same key again for no other one (SEC-13)', async () => {
    const { verifier, replace, clock } = setUp({ maximumTokens });
    replace(b);
    clock.now = graceMs - 1;
    for (let count = 0; count < 10; count += 1) replace(b);
    expect(await judgeAll(verifier, a, b)).toEqual([good, good]);
    clock.now = graceMs;

    expect(await judgeAll(verifier, a, b)).toEqual([bad, good]);
  });

  it('takes back a key that was replaced, and keeps it only once (SEC-13)', async () => {
    const { verifier, replace, clock } = setUp({ maximumTokens });
    for (const secret of [b, c, d, e, a, b, a]) replace(secret);
    expect(await judgeAll(verifier, a, b, c, d, e)).toEqual([good, good, good, good, good]);
    clock.now = graceMs;

    expect(await judgeAll(verifier, a, b, c, d, e)).toEqual([good, bad, bad, bad, bad]);
  });
});

describe('a key that is not good', () => {
  it.each([
    ['too short', () => hmacSecret(randomSecret(18)), 'at least 32 bytes'],
    [
      'published',
      () => hmacSecret('a-string-secret-at-least-256-bits-long'),
      'published as an example',
    ],
    ['weak', () => hmacSecret('k3y-Q9x!'.repeat(5)), 'the same text over and over'],
    ['of another kind', () => publicKey(rsaPem), 'same kind as the first'],
    ['of a JWK set', () => localJwks(jwks), 'same kind as the first'],
    ['nothing', () => undefined, 'same kind as the first'],
    ['one that rotates itself', () => rotating({ keys: hmacSecret(b) }), 'must be a local key'],
    ['one that is fetched', fetched, 'must be a local key'],
  ])('replaces nothing: %s (SEC-15)', async (_case, create, problem) => {
    const { verifier, keys, replace } = setUp();
    replace(b);
    const next = create() as HmacKeySource;
    expect(() => keys.replace(next)).toThrow(ConfigError);
    expect(() => keys.replace(next)).toThrow(problem);

    expect(await judgeAll(verifier, a, b)).toEqual([good, good]);
    replace(c);
    expect(await judgeAll(verifier, a, b, c)).toEqual([good, good, good]);
  });

  it('is in force for no verifier when it is bad for one (SEC-15)', async () => {
    const { verifier, keys, replace } = setUp();
    const other = createJwtVerifier({ issuer, audience, algorithms: ['HS512'], keys });
    const short = randomSecret(24);
    expect(() => replace(short)).toThrow('HMAC key for HS512');
    expect(await judgeAll(verifier, a, short)).toEqual([good, bad]);
    replace(f);

    expect(await judgeAll(verifier, a, f)).toEqual([good, good]);
    expect((await judge(await sign(f, 'HS512'), other)).code).toBe(good);
    expect((await judge(await sign(f), other)).code).toBe('token_algorithm_forbidden');
  });

  it('stops nobody after the verifier that it is bad for was closed', async () => {
    const { verifier, keys, replace } = setUp();
    const other = createJwtVerifier({ issuer, audience, algorithms: ['HS512'], keys });
    await other.close?.();
    const short = randomSecret(24);
    replace(short);

    expect(await judgeAll(verifier, a, short)).toEqual([good, good]);
  });

  it('stops the start, also when it came before the start (SEC-15)', () => {
    const keys = rotating({ keys: hmacSecret(a) });
    keys.replace(hmacSecret('short'));

    expect(() => createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys })).toThrow(
      'at least 32 bytes',
    );
  });
});

it('starts with the last key that was given', async () => {
  const keys = rotating({ keys: hmacSecret(a) });
  keys.replace(hmacSecret(b));
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys });

  expect(await judgeAll(verifier, a, b)).toEqual([bad, good]);
});

it('has a key for its own algorithm only (TOK-27)', () => {
  const { keys, replace } = setUp();
  replace(b);
  const ring = keys.open(['HS256']);
  const find = (algorithm: string) => () =>
    ring.find({ keyId: undefined, algorithm }, testContext());

  expect(find('HS256')).not.toThrow();
  expect(find('HS512')).toThrow(expect.objectContaining({ code: 'token_key_unknown' }));
});

it('judges the claims of tokens of a previous key as those of others', async () => {
  const { verifier, replace } = setUp();
  replace(b);
  const { exp } = goodClaims;
  const expired = { iat: (exp ?? 0) - 7_200, exp: (exp ?? 0) - 3_600 };

  expect((await judge(await sign(a, 'HS256', expired), verifier)).code).toBe('token_expired');
  expect((await judge(await sign(a, 'HS256', { aud: 'other' }), verifier)).code).toBe(
    'token_audience_mismatch',
  );
});

it('rotates public keys as it does secrets (SEC-13, SEC-15)', async () => {
  const clock = { now: 0 };
  const pairs = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2_048 }));
  const [first, second] = pairs.map(({ publicKey: key }) => publicKey(pem(key)));
  if (first === undefined || second === undefined) throw new Error('no keys');
  const keys = rotating({ keys: first, graceSeconds: 60, monotonicNow: () => clock.now });
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS256'], keys });
  const tokens = await Promise.all(
    pairs.map(({ privateKey }) =>
      new SignJWT(goodClaims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(privateKey),
    ),
  );
  const codes = () => Promise.all(tokens.map(async (token) => (await judge(token, verifier)).code));
  expect(await codes()).toEqual([good, bad]);
  expect(() =>
    keys.replace(publicKey(pem(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey))),
  ).toThrow('made for another algorithm');
  expect(() => keys.replace(hmacSecret(a) as never)).toThrow('same kind as the first: public key');
  expect(await codes()).toEqual([good, bad]);
  keys.replace(second);
  expect(await codes()).toEqual([good, good]);
  clock.now = 60_000;

  expect(await codes()).toEqual([bad, good]);
});

it('goes by the lengths of each key (TOK-25)', async () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const large = generateKeyPairSync('rsa', { modulusLength: 3_072 });
  const keys = rotating({ keys: publicKey(pem(small.publicKey)) });
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS256'], keys });
  keys.replace(publicKey(pem(large.publicKey)));
  for (const { privateKey } of [small, large]) {
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .sign(privateKey);
    expect((await judge(token, verifier)).code).toBe(good);
  }
});

it.each([-1, 86_401, Number.NaN, '600', null])('does not take %j for a grace', (graceSeconds) => {
  const create = () =>
    rotating({ keys: hmacSecret(a), graceSeconds } as RotatingOptions<HmacKeySource>);

  expect(create).toThrow(ConfigError);
  expect(create).toThrow('jwt.keys.graceSeconds');
});

it.each([0, 86_400])('takes a grace of %i seconds', (graceSeconds) => {
  expect(rotating({ keys: hmacSecret(a), graceSeconds }).kind).toBe('hmac');
});

it.each([
  ['a JWK set', () => localJwks(jwks)],
  ['nothing', () => undefined],
])('refuses %s, which is no key at hand', (_case, create) => {
  expect(() => rotating({ keys: create() as never })).toThrow(/must be a local key|is missing/);
});

it('keeps keys with a grace of ten minutes on a clock of its own by default (SEC-13)', async () => {
  const keys = rotating({ keys: hmacSecret(a) });
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys });
  keys.replace(hmacSecret(b));

  expect(await judgeAll(verifier, a, b)).toEqual([good, good]);
});

describe('a ring with previous keys', () => {
  const [first, second, third] = [a, b, c].map((secret) => readKey(secret));

  function readKey(secret: string): VerificationKey {
    const query = { keyId: undefined, algorithm: 'HS256' };
    return hmacSecret(secret).open(['HS256']).find(query, testContext()) as VerificationKey;
  }

  /** Keys that note in which order they are used. */
  function watch(used: string[], name: string, key: VerificationKey | undefined): VerificationKey {
    if (key === undefined) throw new Error('no key');
    return new Proxy(key, {
      get(target, property, receiver) {
        if (property === 'key') used.push(name);
        return Reflect.get(target, property, receiver);
      },
    });
  }

  function verifierOf(ring: KeyRing): TokenVerifier {
    const keys: HmacKeySource = { kind: 'hmac', open: () => ring };
    return createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys });
  }

  it('is asked for them only when the signature does not hold, in their order', async () => {
    const used: string[] = [];
    let asked = 0;
    const current = watch(used, 'first', first);
    const others = [watch(used, 'second', second), watch(used, 'third', third)];
    const verifier = verifierOf({
      find: () => current,
      previous: () => {
        asked += 1;
        return others;
      },
    });
    for (const secret of [a, a, b, c, d]) await judge(await sign(secret), verifier);

    expect(asked).toBe(3);
    expect(used.join(' ')).toBe('first first second first second third first second third');
  });

  it('has its tokens remembered for as long as their key is among them (SEC-13)', async () => {
    const used: string[] = [];
    const current = watch(used, 'first', first);
    let others = [watch(used, 'second', second)];
    const verifier = verifierOf({ find: () => current, previous: () => others });
    const token = await sign(b);
    for (let count = 0; count < 3; count += 1) {
      expect((await judge(token, verifier)).code).toBe(good);
    }
    expect(used.join(' ')).toBe('first second');
    others = [];

    expect((await judge(token, verifier)).code).toBe(bad);
  });

  it('has none that may be used for an issuer it is not for', async () => {
    const theirs = { ...readKey(b), issuer: 'https://other.example.com' };
    const current = readKey(a);
    const verifier = verifierOf({ find: () => current, previous: () => [theirs] });

    expect((await judge(await sign(b), verifier)).code).toBe('token_issuer_untrusted');
    expect((await judge(await sign(a), verifier)).code).toBe(good);
  });
});

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** A source of somebody else's making that says it is a secret. */
function fetched(): HmacKeySource {
  return { kind: 'hmac', open: () => ({ find: async () => ({}) as VerificationKey }) };
}

describe('a previous key at the start (SEC-13)', () => {
  it('verifies until its end, also after the key was replaced', async () => {
    const previous = { keys: hmacSecret(b), validSeconds: 3_600 };
    const { clock, verifier, replace } = setUp({ previous, graceSeconds: 60 });
    expect(await judgeAll(verifier, a, b, c)).toEqual([good, good, 'token_signature_invalid']);
    replace(c);
    clock.now = 3_599_999;
    expect(await judgeAll(verifier, c, b, a)).toEqual([good, good, 'token_signature_invalid']);
    clock.now = 3_600_000;
    expect(await judgeAll(verifier, b)).toEqual(['token_signature_invalid']);
  });

  it.each([
    ['no end', { keys: hmacSecret(b) }, 'jwt.keys'],
    ['an end now', { keys: hmacSecret(b), validSeconds: 0 }, 'jwt.keys.previous.validSeconds'],
    ['an end in a year', { keys: hmacSecret(b), validSeconds: 3e7 }, 'jwt.keys.previous.valid'],
    ['another kind', { keys: publicKey(rsaPem), validSeconds: 60 }, 'jwt.keys'],
    ['a text', 'b', 'jwt.keys.previous'],
  ])('refuses %s', (_name, previous, option) => {
    const options = { keys: hmacSecret(a), previous } as RotatingOptions<HmacKeySource>;
    expect(() => rotating(options)).toThrow(new RegExp(`^${option}`));
  });

  it('names the previous key where it is too short', () => {
    const previous = { keys: hmacSecret('short'), validSeconds: 60 };
    expect(() => setUp({ previous })).toThrow(/^jwt\.keys\.previous: .*at least 32 bytes/);
  });
});
