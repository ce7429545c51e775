import { describe, expect, it } from 'vitest';
import type { Contestant } from '../src/contestants/contestant.ts';
import { contestants, contestantsFor } from '../src/contestants/contestants.ts';
import { type Algorithm, algorithms, createIssuer } from '../src/tokens/issuer.ts';
import { documented, fastest } from '../src/tokens/raw-signature.ts';
import { mintToken, tamperClaims, tamperSignature } from '../src/tokens/tokens.ts';

const issuers = new Map(algorithms.map((algorithm) => [algorithm, createIssuer(algorithm)]));

function issuerOf(algorithm: Algorithm) {
  const issuer = issuers.get(algorithm);
  if (issuer === undefined) throw new Error('there is no such issuer');
  return issuer;
}

const inThePast = Math.floor(Date.now() / 1_000) - 3_600;

const badTokens: Readonly<Record<string, (algorithm: Algorithm) => string>> = {
  'another signature': (algorithm) => tamperSignature(mintToken(issuerOf(algorithm))),
  'other claims': (algorithm) => tamperClaims(mintToken(issuerOf(algorithm))),
  'the key of somebody else': (algorithm) => mintToken(createIssuer(algorithm)),
  'an exp of an hour ago': (algorithm) =>
    mintToken(issuerOf(algorithm), { iat: inThePast - 60, exp: inThePast }),
  'another issuer': (algorithm) =>
    mintToken(issuerOf(algorithm), { iss: 'https://other.example.com' }),
  'another audience': (algorithm) =>
    mintToken(issuerOf(algorithm), { aud: 'https://other.example.com/mcp' }),
  'no dot': () => 'A'.repeat(720),
};

async function judge(
  contestant: Contestant,
  algorithm: Algorithm,
  token: string,
  cachedTokens = 0,
) {
  const check = await contestant.open(issuerOf(algorithm), { cachedTokens });
  try {
    await check(token);
    return 'accepted';
  } catch {
    return 'refused';
  }
}

const pairs = algorithms.flatMap((algorithm) =>
  contestantsFor(algorithm).map((contestant) => [contestant.name, algorithm, contestant] as const),
);

describe.each(pairs)('%s with %s', (_, algorithm, contestant) => {
  it('accepts a good token', async () => {
    expect(await judge(contestant, algorithm, mintToken(issuerOf(algorithm)))).toBe('accepted');
  });

  it.each(Object.entries(badTokens))('refuses a token with %s', async (__, mint) => {
    expect(await judge(contestant, algorithm, mint(algorithm))).toBe('refused');
  });
});

describe.each(contestants.map((contestant) => [contestant.name, contestant] as const))(
  '%s',
  (_, contestant) => {
    it('refuses another algorithm under the same key', async () => {
      const rsa = issuerOf('RS256');
      const token = mintToken({
        ...createIssuer('PS256', rsa.signingKey),
        jwk: { ...rsa.jwk, alg: 'PS256' },
      });

      expect(await judge(contestant, 'RS256', token)).toBe('refused');
    });

    it('accepts a token again that it has cached, and refuses it with other claims', async () => {
      const check = await contestant.open(issuerOf('RS256'), { cachedTokens: 10 });
      const token = mintToken(issuerOf('RS256'));
      const settle = async (text: string) => check(text);
      await settle(token);

      await expect(settle(token)).resolves.not.toThrow();
      await expect(settle(tamperClaims(token))).rejects.toThrow();
    });
  },
);

describe.each(algorithms)('node:crypto with %s', (algorithm) => {
  it.each([fastest, documented])(
    'takes one token after the other, and refuses the one whose signature is another: $name',
    ({ open }) => {
      const issuer = issuerOf(algorithm);
      const good = mintToken(issuer);
      const check = open(issuer, [good, tamperSignature(good), tamperClaims(good)]);

      expect(() => check(0)).not.toThrow();
      expect(() => check(1)).toThrow('does not hold');
      expect(() => check(2)).toThrow('does not hold');
      expect(() => check(3)).not.toThrow();
    },
  );
});

it('mints tokens that are all different, of about the length of true ones', () => {
  const tokens = Array.from({ length: 20 }, () => mintToken(issuerOf('RS256')));

  expect(new Set(tokens).size).toBe(20);
  for (const { length } of tokens) expect(Math.abs(length - 740)).toBeLessThan(20);
});
