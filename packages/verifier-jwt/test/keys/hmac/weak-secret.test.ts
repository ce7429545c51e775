/** Row TOK-04: secrets that somebody else can guess, and random ones that must not be taken for them. */
import { hash, randomBytes } from 'node:crypto';
import { testContext } from '@sallyport/contract-tests';
import { ConfigError, Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { hmacSecret } from '../../../src/index.ts';
import { findSecretWeakness } from '../../../src/keys/hmac/strength/weak-secret.ts';
import { publishedSecrets } from './published-secrets.ts';
import { randomSecrets, refuseRandom } from './random-secrets.ts';

const open = (secret: string) => hmacSecret(new Secret(secret)).open(['HS256']);

it.each(publishedSecrets)('refuses %s, which is published (TOK-04)', (secret) => {
  expect(findSecretWeakness(secret)).toBe('published as an example: everybody knows it');
  expect(() => open(` ${secret}\n`)).toThrow(ConfigError);
});

it.each([
  ['made of too few different characters', `${'ab'.repeat(15)}cd`],
  ['made of too few different characters', '\u0000'.repeat(64)],
  ['the same text over and over', 'k3y-Q9x!'.repeat(5)],
  ['the same text over and over', 'Zk93mQ7xT1pL8w'.repeat(3).slice(0, 33)],
  ['a sequence of characters', 'abcdefghijklmnopqrstuvwxyzABCDEFGH'],
  ['a sequence of characters', '9876543210zyxwvutsrqponmlkjihgfe'],
  ['made of words', 'correct horse battery staple and more'],
  ['made of words', 'MySuperSecretKeyThatIsLongEnough123'],
  ['made of words', 'JWT_SECRET_FOR_TESTING_2024_CHANGE_IT'],
  ['made of words', 'p4ss-super-secret-signing-key-2025'],
  ['made of words', 'sup3r-s3cr3t-k3y-f0r-pr0duct10n!!'],
  ['made of words', 'TheQuickBrownFoxJumpsOverTheLazyDog!'],
  ['made of words', 'My dog ate 14 homework assignments yesterday'],
  ['made of words', 'Das ist ein sehr langes und geheimes Wort'],
  ['made of words', 'Это очень секретный ключ для подписи'],
  ['made of words', 'notes-mcp-server-jwt-secret-2026-11-27'],
  ['made of words', '20240101-20241231-20250101-202512'],
  ['made of words', '1987-03-14/2003-11-29/1999-07-21'],
  ['made of words', 'cdefg5RSTUV8onmlk2KLMNO7vwxyz4EDCBA'],
  ['made of words', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
  ['made of words', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,'],
  ['made of words', 'zaq1ZAQ!xsw2XSW@cde3CDE#vfr4VFR$'],
  ['made of words', '31415926535897932384626433832795'],
  ['made of words', 'P@ssw0rdP@ssw0rd1P@ssw0rd12P@ssw0'],
])('refuses one that is %s: %s (TOK-04)', (weakness, secret) => {
  expect(findSecretWeakness(secret)).toBe(weakness);
  expect(() => open(secret)).toThrow(`the HMAC secret is ${weakness}`);
});

it('says how to get a better one, and quotes nothing', () => {
  const secret = 'MySuperSecretKeyThatIsLongEnough123';
  expect(() => open(secret)).toThrow('openssl rand -base64 48');
  expect(() => open(secret)).not.toThrow(secret);
});

it.each([
  ['nil', '00000000-0000-0000-0000-000000000000'],
  ['of documentation', '123e4567-e89b-12d3-a456-426614174000'],
  ['of documentation, without hyphens', '123E4567E89B12D3A456426614174000'],
  ['random', '3b241101-e2bb-4255-8caf-4136c566a962'],
  ['by time, in braces', '{017F22E2-79B0-7CC3-98C4-DC0C0C07398F}'],
  ['as a URN', 'urn:uuid:3b241101-e2bb-4255-8caf-4136c566a962'],
])('CASE-07: refuses a UUID: %s', (_case, uuid) => {
  expect(() => open(uuid)).toThrow(/a UUID|published|the same text|too few/);
});

it.each(['', 'password', 'secret', 'Password123', 'ADMIN', 'dragon', 'jwt', '123456', 'P@ssw0rd'])(
  'CASE-07: refuses every hash of %j, in hex and base64',
  (word) => {
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha384', 'sha512']) {
      const digest = hash(algorithm, word, 'buffer');
      const hex = digest.toString('hex');
      for (const text of [hex, hex.toUpperCase(), ...wrap(hex), ...wrap(digest)]) {
        if (text.length >= 32) expect(findSecretWeakness(text), text).toMatch(/hash|published/);
      }
    }
  },
);

it.each(publishedSecrets)('CASE-07: refuses %s in every wrapping, also twice', (secret) => {
  for (const once of wrap(secret)) {
    expect(findSecretWeakness(once), once).toBeDefined();
    for (const twice of wrap(once)) expect(findSecretWeakness(twice), twice).toBeDefined();
  }
});

it.each([
  [
    'base64',
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==',
  ],
  [
    'hex',
    Buffer.from(
      'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
      'base64url',
    ).toString('hex'),
  ],
] as const)('CASE-07: refuses the bytes of a published key in %s', (encoding, text) => {
  expect(() => hmacSecret(text, { encoding }).open(['HS256'])).toThrow('published');
  expect(() => open(text)).toThrow('published');
});

it.each(randomSecrets)(
  'CASE-07: accepts 100 random secrets of %i as %s (%s)',
  (length, _kind, encoding, generate) => {
    expect(refuseRandom(100, encoding, () => generate(length))).toEqual([]);
  },
);

/** What shells, Kubernetes and secret managers make of a secret. */
function wrap(secret: string | Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  const text = bytes.toString('latin1');
  const base64 = bytes.toString('base64');
  const wrapped = [base64, base64.replace(/=+$/, ''), bytes.toString('base64url')];
  const hex = bytes.toString('hex');
  wrapped.push(base64.replace(/(.{20})/g, '$1\n'), hex, hex.toUpperCase());
  if (typeof secret === 'string') wrapped.push(`"${text}"`, `'${text}'\n`, ` ${text}\r\n`);
  return wrapped;
}

it('is no key for another HMAC algorithm than the one it was opened for (RFC 8725 §3.1)', () => {
  const ring = open(randomBytes(64).toString('base64'));

  expect(() => ring.find({ algorithm: 'HS512', keyId: undefined }, testContext())).toThrow(
    expect.objectContaining({ code: 'token_key_unknown' }),
  );
});
