/** Rows JWK and TOK: which keys are used, and for what. */
import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, localJwks } from '../../src/index.ts';
import { importJwk } from '../../src/keys/import-jwk.ts';
import { readKeySet } from '../../src/keys/key-set.ts';
import {
  audience,
  es256,
  goodClaims,
  goodOptions,
  issuer,
  judge,
  jwks,
  mint,
  rs256,
} from '../fixture.ts';

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const [ec, rsa] = jwks.keys;
const weak = (bits: number, publicExponent = 65_537) => ({
  ...generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).publicKey.export({
    format: 'jwk',
  }),
  kid: 'weak',
});

// The product of two primes k·M + (65537^a mod M), as the chips of CVE-2017-15361 made them.
const rocaModulus = [
  'opLG6O0VDXhj4S1bpav5kNo7-NB29WXz0xRABLCKa3TxfIj8ADExaCQJkE7I2hjb7Ja_O0_JeRLgQlIu5cM5VD',
  'wPHPZW0_ilzsfwKi61oRljbX8J6HdfdxDho0MkcgEU-jH2jrCnhU0-hUm4wqZJNujCSTXAO_L7hxxPrXHfqS6D',
  'wwVkwdBhNEMaDETrNEC_lWZOlzVktgDYb9XUBW65DvFFsW3qPHr_x6_Ws5k50rj8a__-pK3iVoBO6teqIiMlUk',
  '3w0H5U2bRqj-BcI2Q8Yj0tgceg0V8VShzwO3aMKyzajokeULQ_BohPoXUvNNb4U_Za66UlzlYnB5v4l7M9Ow',
].join('');

describe('importJwk', () => {
  it.each([
    ['null', null, 'not an object'],
    ['a string', 'key', 'not an object'],
    ['a list', [], 'not an object'],
    ['an empty object', {}, 'unsupported'],
    ['an unknown kty', { kty: 'XYZ' }, 'unsupported'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'symmetric'],
    ['a symmetric part', { ...rsa, k: 'AAAA' }, 'symmetric'],
    ['a private key', { ...ec, d: 'AAAA' }, 'private'],
    ['use enc', { ...rsa, use: 'enc' }, 'not for signatures'],
    ['key_ops without verify', { ...rsa, key_ops: ['sign'] }, 'not for signatures'],
    ['key_ops that is no list', { ...rsa, key_ops: 'verify' }, 'not for signatures'],
    ['a kid that is no string', { ...rsa, kid: 7 }, 'malformed'],
    ['an issuer that is no string', { ...rsa, issuer: ['x'] }, 'malformed'],
    ['no kid', { ...rsa, kid: undefined }, 'without a name'],
    ['an empty kid', { ...rsa, kid: '' }, 'without a name'],
    ['an alg that cannot become a string', { ...rsa, alg: { toString: 1 } }, 'unsupported'],
    ['a list of alg', { ...rsa, alg: ['RS256'] }, 'unsupported'],
    ['an alg of another kty', { ...rsa, alg: 'ES256' }, 'unsupported'],
    ['an alg that is not allowed', { ...rsa, alg: 'RS512' }, 'unsupported'],
    ['a curve of another alg', { ...ec, crv: 'P-384' }, 'unsupported'],
    ['a point off the curve', { ...ec, y: ec?.x }, 'malformed'],
    ['a key without a modulus', { ...rsa, n: undefined }, 'malformed'],
    ['an empty modulus', { ...rsa, n: '' }, 'malformed'],
    ['1,024 bits', weak(1_024), 'too weak'],
    ['exponent 3', weak(2_048, 3), 'too weak'],
    ['a ROCA modulus', { kty: 'RSA', kid: 'roca', n: rocaModulus, e: 'AQAB' }, 'too weak'],
  ])('drops %s (JWK-08, TOK-25)', (_name, jwk, fault) => {
    expect(importJwk(jwk, algorithms)).toEqual({ ok: false, fault });
  });

  it.each([
    ['RSA without alg', { ...rsa, alg: undefined }, 'RS256'],
    ['RSA for PS256', { ...rsa, alg: 'PS256' }, 'PS256'],
    ['EC', ec, 'ES256'],
    ['key_ops with verify', { ...rsa, key_ops: ['verify'] }, 'RS256'],
  ])('binds %s to one algorithm (TOK-27)', (_name, jwk, algorithm) => {
    expect(importJwk(jwk, algorithms)).toMatchObject({ ok: true, key: { algorithm } });
  });

  it('does not verify PS256 with a key that is bound to RS256 (TOK-27)', async () => {
    const keys = localJwks({ keys: [{ ...rsa, alg: undefined }] });
    const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS256', 'PS256'], keys });
    const { privateKey } = await generateKeyPair('PS256');
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: 'rs' })
      .sign(privateKey);

    expect((await judge(token, verifier)).code).toBe('token_key_unknown');
  });

  it.each(['EdDSA', 'Ed25519'])('takes Ed25519 under both its names: %s (TOK-26)', async (alg) => {
    const pair = await generateKeyPair('Ed25519', { extractable: true });
    for (const named of ['EdDSA', 'Ed25519', undefined]) {
      const jwk = { ...(await exportJWK(pair.publicKey)), alg: named, kid: 'ed' };
      const keys = localJwks({ keys: [jwk] });
      const verifier = createJwtVerifier({
        issuer,
        audience,
        algorithms: ['EdDSA', 'Ed25519'],
        keys,
      });
      const token = await new SignJWT(goodClaims)
        .setProtectedHeader({ alg, typ: 'at+jwt', kid: 'ed' })
        .sign(pair.privateKey);
      expect((await judge(token, verifier)).code).toBe('verified');
    }
  });
});

describe('readKeySet', () => {
  it.each([null, [], 'keys', {}, { keys: {} }, { keys: null }])(
    'refuses %j (JWK-06)',
    (document) => {
      expect(() => readKeySet(document, algorithms)).toThrow(
        expect.objectContaining({ code: 'upstream_unavailable' }),
      );
    },
  );

  it('keeps good keys beside bad ones, and counts those (JWK-08, JWK-10)', async () => {
    const keys = [null, { kty: 'oct', k: 'AAAA', kid: 'es' }, ec, { ...rsa, use: 'enc' }];
    const set = readKeySet({ keys }, algorithms);

    expect(set.size).toBe(1);
    expect(Object.fromEntries(set.dropped)).toEqual({
      'not an object': 1,
      'not for signatures': 1,
      symmetric: 1,
    });
    const verifier = createJwtVerifier({ ...goodOptions, keys: localJwks({ keys }) });
    expect((await judge(await mint(), verifier)).code).toBe('verified');
  });

  it('drops all keys that share a kid but not their material (JWK-09)', async () => {
    const other = { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'es' };
    const third = { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'es' };
    const set = readKeySet({ keys: [ec, other, third, rsa] }, algorithms);

    expect(set.find({ keyId: 'es', algorithm: 'ES256' })).toBeUndefined();
    expect(set.find({ keyId: 'rs', algorithm: 'RS256' })).toBeDefined();
    expect(set.size).toBe(1);
    expect(set.dropped.get('duplicate key id')).toBe(3);
  });

  it('takes the same key twice, and one kid for two algorithms (JWK-09)', () => {
    const set = readKeySet({ keys: [ec, { ...ec }, { ...rsa, kid: 'es' }] }, algorithms);

    expect(set.size).toBe(2);
    expect(set.find({ keyId: 'es', algorithm: 'ES256' })).toBeDefined();
    expect(set.find({ keyId: 'es', algorithm: 'RS256' })).toBeDefined();
  });

  it('reads the first hundred keys of too many (JWK-11)', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => ({ ...ec, kid: `k${index}` }));
    const set = readKeySet({ keys }, algorithms);

    expect(set.size).toBe(100);
    expect(set.dropped.get('too many')).toBe(9_900);
  });
});

describe('signatures', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const p1363 = (...numbers: bigint[]) =>
    Buffer.from(numbers.map((number) => number.toString(16).padStart(64, '0')).join(''), 'hex');
  const values = [0n, order, order + 1n, 2n ** 256n - 1n];

  it.each(values.flatMap((r) => values.map((s) => [r, s] as const)))(
    'refuses r = %i, s = %i (TOK-05)',
    async (r, s) => {
      const [header, payload] = (await mint()).split('.');
      const token = `${header}.${payload}.${p1363(r, s).toString('base64url')}`;
      expect((await judge(token)).code).toBe('token_signature_invalid');
    },
  );

  it('refuses DER (TOK-06)', async () => {
    const [header, payload, signature = ''] = (await mint()).split('.');
    const raw = Buffer.from(signature, 'base64url');
    const integer = (bytes: Buffer) => {
      const value = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
      return Buffer.concat([Buffer.from([2, value.length]), value]);
    };
    const parts = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    const der = Buffer.concat([Buffer.from([0x30, parts.length]), parts]);

    expect((await judge(`${header}.${payload}.${der.toString('base64url')}`)).code).toBe(
      'token_signature_invalid',
    );
  });

  it('takes both forms of an ECDSA signature, for one and the same principal (TOK-07)', async () => {
    const [header, payload, signature = ''] = (await mint()).split('.');
    const raw = Buffer.from(signature, 'base64url').toString('hex');
    const r = BigInt(`0x${raw.slice(0, 64)}`);
    const s = BigInt(`0x${raw.slice(64)}`);
    const mirrored = `${header}.${payload}.${p1363(r, order - s).toString('base64url')}`;

    expect((await judge(mirrored)).code).toBe('verified');
  });

  it('refuses a token of one key under the kid of another', async () => {
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'rs' })
      .sign(rs256.privateKey);
    const [, payload, signature] = token.split('.');
    const [header] = (await mint()).split('.');

    expect((await judge(token)).code).toBe('verified');
    expect((await judge(`${header}.${payload}.${signature}`)).code).toBe('token_signature_invalid');
    expect(es256.publicKey).not.toBe(rs256.publicKey);
  });
});

it('refuses every token with one byte changed', async () => {
  const token = await mint();
  const bytes = Buffer.from(token);
  for (let index = 0; index < bytes.length; index += 1) {
    for (const bit of [1, 2, 16]) {
      const mutant = Buffer.from(bytes);
      mutant[index] = (mutant[index] ?? 0) ^ bit;
      expect((await judge(mutant.toString('latin1'))).code).not.toBe('verified');
    }
  }
});
