/** Row SEC-11: shared secrets that are stored as text of another kind than their own. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { ConfigError, Secret } from '@sallyport/core';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, hmacSecret, type SecretEncoding } from '../../../src/index.ts';
import { audience, goodClaims, issuer, judge } from '../../fixture.ts';

const encodings = ['base64', 'base64url', 'hex'] as const;
// Bytes whose base64 has every character that the two alphabets do not share, and padding.
const key = Buffer.from(`fbefbeff${randomBytes(28).toString('hex')}`, 'hex');

// Self-signed, for nobody.
const certificate = [
  'MIIBmjCCAUGgAwIBAgIURY5PSu7xwFEyEONJtNErCWKxHp4wCgYIKoZIzj0EAwIw',
  'FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzEwMTEyNloYDzIxMjYxMDMw',
  'MTAxMTI2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO',
  'PQMBBwNCAASihFLI3PRBZ/iBqi9CyaConX+4pK7XZvSOyxF8alwc/Whzm0IoV+Lq',
  'yNP+H11UYZ7TIQvzhq585T0wPxv9Aae/o28wbTAdBgNVHQ4EFgQUSe90CLwQdt7t',
  '2ahAqT+0PdQqpKAwHwYDVR0jBBgwFoAUSe90CLwQdt7t2ahAqT+0PdQqpKAwGgYD',
  'VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI',
  'zj0EAwIDRwAwRAIgfT+BZ3pZflr+8FzIr/PhlzJ+gI0vyfvz1kTSQMHB1nwCIG8w',
  'gNKOi+6Ck8CH5xp/U9TstvMhpGmm3+UD+/WKD+wB',
].join('');

const open = (text: string, encoding: SecretEncoding, algorithm: 'HS256' | 'HS512' = 'HS256') =>
  createJwtVerifier({
    issuer,
    audience,
    algorithms: [algorithm],
    keys: hmacSecret(new Secret(text), { encoding }),
  });

const sign = (secret: Uint8Array) =>
  new SignJWT(goodClaims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(secret);

describe.each(encodings)('a secret in %s', (encoding) => {
  const text = key.toString(encoding);

  it('is the bytes that it stands for, and not its text (SEC-11)', async () => {
    const verifier = open(text, encoding);

    expect((await judge(await sign(key), verifier)).code).toBe('verified');
    expect((await judge(await sign(Buffer.from(text)), verifier)).code).toBe(
      'token_signature_invalid',
    );
    expect((await judge(await sign(Buffer.from(text)), open(text, 'utf8'))).code).toBe('verified');
  });

  it.each([
    ['a newline', (value: string) => `${value}\n`],
    ['a Windows newline', (value: string) => `${value}\r\n`],
    ['spaces and a byte order mark', (value: string) => `\ufeff ${value} `],
  ])('has no part in %s around it (SEC-11)', async (_case, wrap) => {
    expect((await judge(await sign(key), open(wrap(text), encoding))).code).toBe('verified');
  });

  it('must have enough bytes, whatever the length of its text (SEC-11, TOK-04)', () => {
    const short = randomBytes(31).toString(encoding);

    expect(() => open(short, encoding)).toThrow(
      `HMAC key for HS256 must be at least 32 bytes: ${short.length} bytes of ${encoding} are 31`,
    );
    expect(() => open(text, encoding, 'HS512')).toThrow(`are 32`);
    expect(() => open('', encoding)).toThrow(`0 bytes of ${encoding} are 0`);
  });

  it.each([
    ['a line break inside', (value: string) => `${value.slice(0, 20)}\n${value.slice(20)}`],
    ['a character of no encoding', (value: string) => `${value.slice(0, 20)}*${value.slice(21)}`],
    ['a letter of two bytes', (value: string) => `${value.slice(0, 20)}é${value.slice(21)}`],
    ['part of a byte at its end', (value: string) => value.slice(0, 41)],
    ['too much padding', (value: string) => `${value}====`],
    ['padding inside', (value: string) => `${value.slice(0, 20)}==${value.slice(20)}`],
  ])('is refused with %s, and repeated nowhere (SEC-11)', (_case, spoil) => {
    const spoilt = spoil(text);
    const create = () => hmacSecret(spoilt, { encoding });

    expect(create).toThrow(ConfigError);
    expect(create).toThrow(
      new RegExp(
        `not in ${encoding}: only \\d+ bytes could be decoded from its ${Buffer.byteLength(spoilt)} bytes of text`,
      ),
    );
    expect(create).not.toThrow(spoilt.slice(0, 8));
  });

  it.each([
    ['a password', 'MySuperSecretKeyThatIsLongEnough123'],
    ['a sequence', String.fromCharCode(...Array.from({ length: 32 }, (_, index) => index))],
    ['zeros', '\u0000'.repeat(32)],
    ['a published example', 'a-string-secret-at-least-256-bits-long'],
  ])('is refused when it is %s in disguise (TOK-04)', (_case, weak) => {
    const encoded = Buffer.from(weak).toString(encoding);

    expect(() => open(encoded, encoding)).toThrow('the HMAC secret is');
  });

  it.each(['spki', 'pkcs1'] as const)(
    'is refused when it is a public key as DER: %s (TOK-03)',
    (type) => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const der = publicKey.export({ type, format: 'der' });
      const pem = publicKey.export({ type, format: 'pem' }).toString();
      for (const bytes of [der, Buffer.from(pem)]) {
        expect(() => hmacSecret(bytes.toString(encoding), { encoding })).toThrow(
          'must not be a key',
        );
      }
    },
  );

  it('passes when it is random, 300 times (TOK-04)', () => {
    for (let count = 0; count < 300; count += 1) {
      const random = randomBytes(32 + (count % 64));
      expect(() =>
        hmacSecret(random.toString(encoding), { encoding }).open(['HS256']),
      ).not.toThrow();
    }
  });
});

it.each([
  ['base64', 'base64url'],
  ['base64url', 'base64'],
] as const)('%s is no %s where the two differ (SEC-11)', (one, other) => {
  expect(() => open(key.toString(one), other)).toThrow(`not in ${other}`);
});

it.each([
  ['base64 without padding', 'base64', key.toString('base64').replace(/=+$/, '')],
  ['base64url with padding', 'base64url', `${key.toString('base64url')}=`],
  ['hex in capitals', 'hex', key.toString('hex').toUpperCase()],
] as const)('takes %s (SEC-11)', async (_case, encoding, text) => {
  expect((await judge(await sign(key), open(text, encoding))).code).toBe('verified');
});

it('refuses a certificate as DER (TOK-03)', () => {
  const bytes = Buffer.from(certificate, 'base64');
  for (const encoding of encodings) {
    expect(() => hmacSecret(bytes.toString(encoding), { encoding })).toThrow('must not be a key');
  }
});

it('refuses padding that is half there (SEC-11)', () => {
  const text = Buffer.alloc(34, key).toString('base64');

  expect(() => open(text, 'base64')).not.toThrow();
  expect(() => open(text.slice(0, -1), 'base64')).toThrow('not in base64');
});

it.each(['base64', 'base64url'] as const)(
  'is refused in %s when its text is made of words, whatever they stand for (TOK-04)',
  (encoding) => {
    const text = 'MySuperSecretKeyThatIsLongEnoughForEveryoneX';

    expect(() => open(text, encoding)).toThrow('the HMAC secret is made of words');
  },
);

it('refuses stray bits at the end, which other readers may take for a key of their own (SEC-11)', () => {
  const text = Buffer.alloc(32, key).toString('base64url');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const stray = alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1];

  expect(() => open(`${text.slice(0, -1)}${stray}`, 'base64url')).toThrow('not in base64url');
});

it.each(['UTF8', 'latin1', 'binary', '', null, 7])('knows no encoding %j (SEC-11)', (encoding) => {
  const create = () => hmacSecret(key.toString('hex'), { encoding: encoding as SecretEncoding });

  expect(create).toThrow(ConfigError);
  expect(create).toThrow('encoding: must be one of utf8, base64, base64url, hex');
});
