/** Row TOK-04: secrets that somebody else can guess, and random ones that must not be taken for them. */
import { randomBytes } from 'node:crypto';
import { ConfigError, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { hmacSecret } from '../src/index.ts';
import { publishedSecrets as publishedDigests } from '../src/published-secrets.ts';
import { findSecretWeakness } from '../src/weak-secret.ts';
import { publishedSecrets } from './published-secrets.ts';

const open = (secret: string) => hmacSecret(new Secret(secret)).open(['HS256']);

it.each(publishedSecrets)('refuses %s, which is published (TOK-04)', (secret) => {
  expect(findSecretWeakness(secret)).toBe('published as an example: everybody knows it');
  expect(() => open(` ${secret}\n`)).toThrow(ConfigError);
});

it('knows nothing that the list of the tests has not', () => {
  expect(publishedDigests.size).toBe(publishedSecrets.length);
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
])('refuses one that is %s: %s (TOK-04)', (weakness, secret) => {
  expect(findSecretWeakness(secret)).toBe(weakness);
  expect(() => open(secret)).toThrow(`the HMAC secret is ${weakness}`);
});

it('says how to get a better one, and quotes nothing', () => {
  const secret = 'MySuperSecretKeyThatIsLongEnough123';
  expect(() => open(secret)).toThrow('openssl rand -base64 48');
  expect(() => open(secret)).not.toThrow(secret);
});

describe('random text', () => {
  it.each(['hex', 'base64', 'base64url'] as const)(
    'as %s passes at every length that is enough, 10,000 times (TOK-04)',
    (encoding) => {
      const weaknesses = new Set<unknown>();
      for (let count = 0; count < 10_000; count += 1) {
        // From 32 characters on, which is what the shortest hash asks for.
        const bytes = (encoding === 'hex' ? 16 : 24) + (count % 64);
        weaknesses.add(findSecretWeakness(randomBytes(bytes).toString(encoding)));
      }
      expect([...weaknesses]).toEqual([undefined]);
    },
  );
});
