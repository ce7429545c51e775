import { ConfigError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { type VerifyJwsOptions, verifyJws } from '../src/index.ts';
import { goodClaims, goodHeader, jwks, mint, signSegments } from './fixture.ts';

const options: VerifyJwsOptions = { algorithms: ['ES256'] };

describe('verifyJws', () => {
  it('gives what was signed, and looks at no claim', async () => {
    const payload = { exp: 1, anything: ['goes'] };
    const token = await signSegments({ ...goodHeader, typ: 'secevent+jwt' }, payload);

    await expect(verifyJws(token, jwks, options)).resolves.toEqual({
      header: { ...goodHeader, typ: 'secevent+jwt' },
      payload,
    });
  });

  it.each([
    ['token_malformed', async () => 'a.b.c'],
    ['token_malformed', () => signSegments({ alg: 'ES256' }, goodClaims)],
    ['token_malformed', () => signSegments({ ...goodHeader, crit: ['exp'] }, goodClaims)],
    ['token_algorithm_forbidden', () => signSegments({ ...goodHeader, alg: 'none' }, goodClaims)],
    ['token_key_unknown', () => mint({}, { kid: 'nobody' })],
    [
      'token_signature_invalid',
      async () => `${(await mint()).split('.', 2).join('.')}.${'A'.repeat(86)}`,
    ],
  ])('refuses with %s', async (code, token) => {
    await expect(verifyJws(await token(), jwks, options)).rejects.toMatchObject({
      name: 'AuthError',
      code,
    });
  });

  it('has no verdict without a key set', async () => {
    const broken = {} as unknown as typeof jwks;

    await expect(verifyJws(await mint(), broken, options)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
  });

  it.each([{ algorithms: [] }, { algorithms: ['none'] }, { algorithms: ['HS256'] }])(
    'refuses %j',
    async (bad) => {
      await expect(
        verifyJws(await mint(), jwks, bad as unknown as VerifyJwsOptions),
      ).rejects.toThrow(ConfigError);
    },
  );
});
