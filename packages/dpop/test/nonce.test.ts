import { type AuthError, Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { createDpop } from '../src/index.ts';
import { context, createJudge, key, now, prove, requestWith, token } from './fixture.ts';

const secret = new Secret('kJ8s-3Gq0_vVb7Yx2LmN5pRtUwZaCdEfHiKoQs4T6u1');
const start = now - (now % 300);

function setUp(nonce = { secret }) {
  const dpop = createDpop({ nonce });
  const { thumbprint } = key;
  return async (claims: Record<string, unknown>, nowSeconds = start) =>
    dpop.confirm(
      { thumbprint, token },
      requestWith(await prove({ iat: nowSeconds, ...claims })),
      context(nowSeconds),
    );
}

async function nonceOf(confirm: ReturnType<typeof setUp>, nowSeconds = start): Promise<string> {
  const error = await confirm({}, nowSeconds).then(
    () => expect.fail('no nonce was asked for'),
    (reason: AuthError) => reason,
  );
  expect(error.code).toBe('dpop_nonce_required');
  return error.nonce ?? '';
}

it('asks for a nonce, and takes a proof that has it (DPOP-11)', async () => {
  const confirm = setUp();
  const nonce = await nonceOf(confirm);

  // RFC 9449 §8.1, NQCHAR.
  expect(nonce).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
  expect(await confirm({ nonce })).toEqual({});
});

it('takes it to the end of its slot and of the next one, and gives the next one along', async () => {
  const confirm = setUp();
  const nonce = await nonceOf(confirm);

  expect(await confirm({ nonce }, start + 299)).toEqual({});
  const { 'DPoP-Nonce': next } = await confirm({ nonce }, start + 300);
  expect(next).not.toBe(nonce);
  expect(await confirm({ nonce }, start + 599)).toEqual({ 'DPoP-Nonce': next });
  await expect(confirm({ nonce }, start + 600)).rejects.toThrow(
    expect.objectContaining({ code: 'dpop_nonce_required' }),
  );
  expect(await confirm({ nonce: next }, start + 300)).toEqual({});
});

it('is the same at all instances that share the secret, and at no other', async () => {
  const nonce = await nonceOf(setUp());
  const others = setUp({ secret: new Secret('1u6T4sQoKiHfEdCaZwUtRp5NmL2xY7bVv_0qG3-s8Jk') });

  expect(await setUp()({ nonce })).toEqual({});
  await expect(others({ nonce })).rejects.toThrow();
});

it.each([undefined, null, '', 7, ['x'], 'x'.repeat(43)])('takes no other: %j', async (nonce) => {
  await expect(setUp()({ nonce })).rejects.toThrow(
    expect.objectContaining({ code: 'dpop_nonce_required' }),
  );
});

it('asks for none before everything else is right, and remembers no proof for it', async () => {
  const confirm = setUp();
  const jti = 'the same proof, with its nonce';

  await expect(confirm({ ath: 'x' })).rejects.toThrow(
    expect.objectContaining({ code: 'dpop_proof_invalid' }),
  );
  const error = await confirm({ jti }).catch((reason: AuthError) => reason);
  const { nonce } = error as AuthError;
  expect(await confirm({ jti, nonce })).toEqual({});
});

it('asks for none unless it is told to', async () => {
  expect(await createJudge()(await prove())).toBe('ok');
});

it.each([
  [{ secret: new Secret('vVb7Yx2LmN5pRtUwZaCd') }, 'dpop.nonce.secret'],
  [{ secret, rotationSeconds: 9 }, 'dpop.nonce.rotationSeconds'],
  [{ secret, rotationSeconds: 3_601 }, 'dpop.nonce.rotationSeconds'],
  [{ secret, rotationSeconds: 60.5 }, 'dpop.nonce.rotationSeconds'],
])('stops at what cannot be used', (nonce, option) => {
  expect(() => createDpop({ nonce })).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }),
  );
});

it('takes one of an instance whose clock is ahead', async () => {
  const confirm = setUp();
  const next = await nonceOf(confirm, start + 300);

  expect(await confirm({ nonce: next }, start + 299)).toEqual({});
  await expect(
    confirm({ nonce: await nonceOf(confirm, start + 600) }, start + 299),
  ).rejects.toThrow(expect.objectContaining({ code: 'dpop_nonce_required' }));
});
