/** What is remembered of verified tokens, and what ends it. */
import { testContext } from '@sallyport/contract-tests';
import { ConfigError } from '@sallyport/core';
import { exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, type JwtVerifierOptions, type KeyQuery } from '../../src/index.ts';
import { readKeySet } from '../../src/keys/key-set.ts';
import type { VerificationKey } from '../../src/keys/key-source.ts';
import { createVerifiedTokens } from '../../src/token/verified-token-cache.ts';
import { goodOptions, judge, jwks, mint, now, otherEs256 } from '../fixture.ts';

const { algorithms } = goodOptions;

/** A verifier whose keys can be taken away, and that counts how often a key was asked for. */
function setUp(cache: JwtVerifierOptions['cache'] = {}) {
  const origin = { keys: readKeySet(jwks, algorithms), asked: 0, used: 0 };
  const find = (query: KeyQuery) => {
    origin.asked += 1;
    const key = origin.keys.find(query);
    if (key === undefined) throw Object.assign(new Error(), { name: 'AuthError', code: 'gone' });
    return watched(key);
  };
  // Reading the key is what a verification of the signature begins with.
  const seen = new Map<VerificationKey, VerificationKey>();
  function watched(key: VerificationKey): VerificationKey {
    const known = seen.get(key);
    if (known !== undefined) return known;
    const proxy = new Proxy(key, {
      get(target, name, receiver) {
        if (name === 'key') origin.used += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    seen.set(key, proxy);
    return proxy;
  }
  const verifier = createJwtVerifier({
    ...goodOptions,
    keys: { kind: 'jwks', open: () => ({ find }) },
    cache,
  });
  return { origin, verifier };
}

it('verifies the signature of a token that comes again once', async () => {
  const { origin, verifier } = setUp();
  const token = await mint();
  const first = await verifier.verify(token, testContext());
  const again = await verifier.verify(Buffer.from(token).toString(), testContext());

  expect(again).toEqual(first);
  expect(origin.used).toBe(1);
});

it('says what it remembers: hits, misses and tokens', async () => {
  const { verifier } = setUp({ maximumTokens: 2 });
  const tokens = await Promise.all([mint(), mint({ sub: 'b' }), mint({ sub: 'c' })]);
  for (const token of [...tokens, tokens[2], 'no token']) {
    await verifier.verify(token ?? '', testContext()).catch(() => {});
  }
  expect(verifier.readings?.()).toEqual({ cacheHits: 1, cacheMisses: 4, cachedTokens: 2 });

  const later = testContext({ nowSeconds: now + 1_000_000 });
  await verifier.verify(tokens[2] ?? '', later).catch(() => {});
  expect(verifier.readings?.()).toEqual({ cacheHits: 1, cacheMisses: 5, cachedTokens: 1 });
});

it('counts nothing where nothing is remembered', async () => {
  const { verifier } = setUp({ maximumTokens: 0 });
  await verifier.verify(await mint(), testContext());

  expect(verifier.readings?.()).toEqual({ cacheHits: 0, cacheMisses: 0, cachedTokens: 0 });
});

it('can be told to remember nothing', async () => {
  const { origin, verifier } = setUp({ maximumTokens: 0 });
  const token = await mint();
  await verifier.verify(token, testContext());
  await verifier.verify(token, testContext());

  expect(origin.used).toBe(2);
});

it('asks for the key of every token that it knows, and drops the token with it (JWK-14)', async () => {
  const { origin, verifier } = setUp();
  const token = await mint();
  expect((await judge(token, verifier)).code).toBe('verified');
  expect((await judge(token, verifier)).code).toBe('verified');
  expect(origin.asked).toBe(2);

  origin.keys = readKeySet({ keys: [jwks.keys[1]] }, algorithms, origin.keys);
  expect((await judge(token, verifier)).code).toBe('gone');
});

it('verifies again when a key of the same name is another one (JWK-18)', async () => {
  const { origin, verifier } = setUp();
  const token = await mint();
  await verifier.verify(token, testContext());
  const other = { ...(await exportJWK(otherEs256.publicKey)), kid: 'es', alg: 'ES256' };
  origin.keys = readKeySet({ keys: [jwks.keys[0], jwks.keys[1]] }, algorithms);
  await verifier.verify(token, testContext());
  expect(origin.used).toBe(2);

  origin.keys = readKeySet({ keys: [other, jwks.keys[1]] }, algorithms, origin.keys);
  expect((await judge(token, verifier)).code).toBe('token_signature_invalid');
});

it('verifies again when a key is for another issuer now', async () => {
  const { origin, verifier } = setUp();
  const token = await mint();
  await verifier.verify(token, testContext());
  const theirs = { ...jwks.keys[0], issuer: 'https://other.example.com' };
  origin.keys = readKeySet({ keys: [theirs, jwks.keys[1]] }, algorithms, origin.keys);

  expect((await judge(token, verifier)).code).toBe('token_issuer_untrusted');
});

it('keeps tokens through a refresh that brings the same keys', async () => {
  const { origin, verifier } = setUp();
  const token = await mint();
  await verifier.verify(token, testContext());
  origin.keys = readKeySet(structuredClone(jwks), algorithms, origin.keys);
  await verifier.verify(token, testContext());

  expect(origin.used).toBe(1);
});

describe('times of a token that is known', () => {
  it('are judged with the clock of each request (CLM-07)', async () => {
    const { verifier } = setUp();
    const token = await mint({ iat: now - 10, exp: now + 300 });
    for (const [nowSeconds, code] of [
      [now, 'verified'],
      [now + 299, 'verified'],
      [now + 359, 'verified'],
      [now + 360, 'token_expired'],
      [now + 1_000, 'token_expired'],
      [now, 'verified'],
      [now - 70, 'verified'],
      [now - 71, 'token_not_yet_valid'],
      [Number.NaN, 'token_expired'],
    ] as const) {
      expect(await judge(token, verifier, nowSeconds)).toMatchObject({ code });
    }
  });

  it('end what is remembered with exp', () => {
    const tokens = createVerifiedTokens({});
    const digest = tokens.digest('token');
    const token = { valid: { startsAt: now, expiresAt: now + 300 } } as never;
    tokens.set(digest, token);

    expect(tokens.get(digest, now - 1)).toBeUndefined();
    expect(tokens.get(digest, now + 299)).toBe(token);
    expect(tokens.get(digest, now + 300)).toBeUndefined();
    expect(tokens.get(digest, now)).toBeUndefined();
  });
});

it('gives each request a principal that the next one cannot feel (TOK-19)', async () => {
  const { verifier } = setUp();
  const token = await mint();
  for (let time = 0; time < 3; time += 1) {
    const principal = await verifier.verify(token, testContext());
    expect([...principal.scopes]).toEqual(['notes:read', 'notes:write']);
    (principal.scopes as Set<string>).add('admin');
    expect(() => Object.assign(principal, { subject: 'root' })).toThrow(TypeError);
  }
});

it('remembers no token that was refused', async () => {
  const { origin, verifier } = setUp();
  const expired = await mint({ iat: now - 7_200, exp: now - 3_600 });
  await judge(expired, verifier);
  await judge(expired, verifier);

  expect(origin.used).toBe(2);
});

it('never holds more than it was told, and forgets the oldest', () => {
  const tokens = createVerifiedTokens({ maximumTokens: 2 });
  const token = { valid: { startsAt: 0, expiresAt: now } } as never;
  for (const name of ['a', 'b', 'c']) tokens.set(name, token, 2_048);

  expect(['a', 'b', 'c'].map((name) => tokens.get(name, 1) === token)).toEqual([false, true, true]);
});

it('CASE-34: counts a long token as several, so that it takes no more memory', () => {
  const tokens = createVerifiedTokens({ maximumTokens: 10 });
  const token = { valid: { startsAt: 0, expiresAt: now } } as never;
  const names = Array.from({ length: 10 }, (_, index) => `${index}`);
  for (const name of names) tokens.set(name, token, 9_000);

  expect(names.filter((name) => tokens.get(name, 1) === token)).toEqual(['8', '9']);
});

it('keeps the digest of a token and not the token', async () => {
  const token = await mint();
  const digest = createVerifiedTokens({}).digest(token);

  expect(digest).toHaveLength(43);
  expect(token).not.toContain(digest.slice(0, 8));
});

it.each([-1, 1.5, Number.NaN, 1_000_001, '10'])(
  'does not take %j for a number of tokens',
  (bad) => {
    const cache = { maximumTokens: bad as number };

    expect(() => createJwtVerifier({ ...goodOptions, cache })).toThrow(ConfigError);
    expect(() => createJwtVerifier({ ...goodOptions, cache })).toThrow('jwt.cache.maximumTokens');
  },
);
