/** Keys out of configuration: PEM and shared secrets, and neither in the other's place. */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { ConfigError, Secret } from '@sallyport/core';
import { exportJWK, exportPKCS8, exportSPKI, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  hmacSecret,
  type JwtVerifierOptions,
  publicKey,
} from '../../src/index.ts';
import { audience, es256, goodClaims, issuer, judge, mint, rs256 } from '../fixture.ts';

const rsaPem = await exportSPKI(rs256.publicKey);
const rsaJwk = await exportJWK(rs256.publicKey);
const ecPem = await exportSPKI(es256.publicKey);
const pem = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') =>
  key.export({ type, format: 'pem' }).toString();

const koblitzPem = pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey);

const create = (options: object) => () =>
  createJwtVerifier({ issuer, audience, ...options } as JwtVerifierOptions);

/** As many characters, each of them one byte. */
const randomText = (characters: number) =>
  randomBytes(characters).toString('base64url').slice(0, characters);

describe('publicKey', () => {
  it.each([
    ['SPKI', ecPem],
    ['white space around it', `\n\t ${ecPem}\r\n\n`],
  ])('takes %s', async (_name, text) => {
    const verifier = create({ algorithms: ['ES256'], keys: publicKey(text) })();
    expect((await judge(await mint(), verifier)).code).toBe('verified');
  });

  it('takes PKCS#1', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const keys = publicKey(pem(pair.publicKey, 'pkcs1'));
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .sign(pair.privateKey);

    expect((await judge(token, create({ algorithms: ['RS256'], keys })())).code).toBe('verified');
  });

  it.each([
    ['an EC key for RS256', ecPem, ['RS256'], 'made for another algorithm than RS256'],
    ['an RSA key for ES256', rsaPem, ['ES256'], 'made for another algorithm than ES256'],
    ['a secp256k1 key for RS256', koblitzPem, ['RS256'], 'made for another algorithm than RS256'],
    ['a P-256 key for ES384', ecPem, ['ES384'], 'made for another algorithm than ES384'],
    [
      '1,024 bits',
      pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey),
      ['RS256'],
      'too weak',
    ],
    ['two algorithms', rsaPem, ['RS256', 'PS256'], 'exactly one'],
    ['a shared-secret algorithm', rsaPem, ['HS256'], 'must be among RS256'],
  ])('refuses %s (CFG-06, TOK-25)', (_name, text, algorithms, reason) => {
    expect(create({ algorithms, keys: publicKey(text) })).toThrow(reason);
  });

  it.each([
    '',
    'not PEM',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  ])('refuses %j', (text) => {
    expect(() => publicKey(text)).toThrow(ConfigError);
  });

  it('refuses a private key, and repeats none of it', async () => {
    const text = await exportPKCS8(es256.privateKey);
    const secret = text.split('\n')[1] ?? '';

    expect(() => publicKey(text)).toThrow(/private key/);
    expect(() => publicKey(text)).not.toThrow(new RegExp(secret.slice(0, 12).replace(/\W/g, '.')));
  });
});

it.each([undefined, 7, {}])('refuses %j as key material, for JavaScript users', (bad) => {
  expect(() => publicKey(bad as never)).toThrow(ConfigError);
  expect(() => hmacSecret(bad as never)).toThrow(ConfigError);
});

describe('hmacSecret', () => {
  it('takes a bare string as well', () => {
    expect(create({ algorithms: ['HS256'], keys: hmacSecret(randomText(32)) })).not.toThrow();
    expect(() => hmacSecret(rsaPem)).toThrow(ConfigError);
  });

  it('is for one algorithm (TOK-27)', () => {
    const keys = hmacSecret(randomText(64));

    expect(create({ algorithms: ['HS256', 'HS512'], keys })).toThrow('exactly one');
  });

  const open = (secret: string, algorithm: string) =>
    create({ algorithms: [algorithm], keys: hmacSecret(new Secret(secret)) });

  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('for %s must be at least %i bytes (TOK-04)', (algorithm, bytes) => {
    const secret = randomText(bytes);

    expect(open(secret, algorithm)).not.toThrow();
    expect(open(secret.slice(1), algorithm)).toThrow(
      `HMAC key for ${algorithm} must be at least ${bytes} bytes`,
    );
    // Two bytes each: it is bytes that count.
    expect(open(`é${secret.slice(2)}`, algorithm)).not.toThrow();
  });

  it.each([
    ['SPKI', rsaPem],
    ['SPKI after white space', `\n\t ${rsaPem}`],
    ['SPKI after a byte order mark', `\ufeff${rsaPem}`],
    ['PKCS#1', pem(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey, 'pkcs1')],
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n-----END CERTIFICATE-----`],
    ['text before PEM', `x\n${rsaPem}`],
    ['a JWK', JSON.stringify(rsaJwk)],
    ['a JWK set', JSON.stringify({ keys: [rsaJwk] })],
    ['an OpenSSH key', `ssh-ed25519 ${'A'.repeat(68)} me@example.com`],
  ])('refuses a public key in disguise: %s (TOK-03)', (_name, secret) => {
    expect(() => hmacSecret(new Secret(secret))).toThrow(ConfigError);
    expect(() => hmacSecret(new Secret(secret))).not.toThrow(/[A-Za-z0-9+/]{20}/);
  });

  it('takes the secret without white space around it', async () => {
    const secret = 'kJ8s-3Gq0_vVb7Yx2LmN5pRtUwZaCdEf';
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from(secret));

    expect((await judge(token, open(`${secret}\n`, 'HS256')())).code).toBe('verified');
    expect((await judge(token, open(`${secret}x`, 'HS256')())).code).toBe(
      'token_signature_invalid',
    );
  });

  it('verifies only what is signed with its own algorithm', async () => {
    const secret = randomText(64);
    const token = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'HS512', typ: 'at+jwt' })
      .sign(Buffer.from(secret));

    expect((await judge(token, open(secret, 'HS256')())).code).toBe('token_algorithm_forbidden');
  });
});

it.each([
  ['SPKI', rsaPem],
  ['SPKI without its last line feed', rsaPem.trimEnd()],
  ['DER', Buffer.from(rsaPem.replace(/-----.*-----|\s/g, ''), 'base64')],
  ['a JWK', JSON.stringify(rsaJwk)],
])('refuses HS256 made with the public key as %s (TOK-02, TOK-03)', async (_name, secret) => {
  const token = await new SignJWT(goodClaims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'rs' })
    .sign(Buffer.from(secret));
  const verifier = create({ algorithms: ['RS256'], keys: publicKey(rsaPem) })();

  expect((await judge(token)).code).toBe('token_algorithm_forbidden');
  expect((await judge(token, verifier)).code).toBe('token_algorithm_forbidden');
});
