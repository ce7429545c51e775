/** What answers say of the key that a token is bound to: RFC 9449 §6.2, RFC 8705 §3.2. */
import { testContext, contractThumbprint as thumbprint } from '@sallyport/contract-tests';
import type { Confirmation, ConfirmationMethod } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createHybridVerifier } from '../src/index.ts';
import { answer, goodAnswer, judge, startRogue } from './fixture.ts';

const both: ReadonlySet<ConfirmationMethod> = new Set(['jkt', 'x5t#S256']);
const jkt = { jkt: thumbprint };
const x5t = { 'x5t#S256': thumbprint };

it.each<[string | undefined, unknown, string]>([
  ['DPoP', jkt, 'verified'],
  ['dpop', jkt, 'verified'],
  [undefined, jkt, 'verified'],
  // The proof is asked for all the same.
  ['Bearer', jkt, 'verified'],
  ['Bearer', x5t, 'verified'],
  [undefined, x5t, 'verified'],
  ['DPoP', x5t, 'token_sender_constrained'],
  ['DPoP', undefined, 'token_sender_constrained'],
  ['DPoP', {}, 'token_sender_constrained'],
  ['DPoP', { ...jkt, ...x5t }, 'token_sender_constrained'],
  ['N_A', jkt, 'token_type_forbidden'],
])('an answer of type %s with cnf %j is %s (INT-04)', async (token_type, cnf, expected) => {
  const rogue = await startRogue(answer(goodAnswer({ token_type, cnf })));

  expect(await judge(rogue.create(), 'opaque', { confirmationMethods: both })).toBe(expected);
});

it('tells of the binding in a field of its own', async () => {
  const rogue = await startRogue(answer(goodAnswer({ token_type: 'DPoP', cnf: jkt })));
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const context = testContext({ nowSeconds, confirmationMethods: both });
  const principal = await rogue.create().verify('opaque', context);

  expect(principal.confirmation).toEqual({ method: 'jkt', thumbprint });
  expect(Object.isFrozen(principal.confirmation)).toBe(true);
  expect(principal.claims).not.toHaveProperty('cnf');
});

it('lets no remembered answer through to those who ask for no proof', async () => {
  const rogue = await startRogue(answer(goodAnswer({ cnf: jkt })));
  const verifier = rogue.create({ cache: { ttlSeconds: 60 } });

  expect(await judge(verifier, 'opaque', { confirmationMethods: both })).toBe('verified');
  expect(await judge(verifier, 'opaque')).toBe('token_sender_constrained');
  expect(await judge(verifier, 'opaque', { confirmationMethods: new Set(['x5t#S256']) })).toBe(
    'token_sender_constrained',
  );
  expect(rogue.bodies).toHaveLength(1);
});

describe('createHybridVerifier with checkRevocation', () => {
  const bound: Confirmation = { method: 'jkt', thumbprint };
  const verifier = (confirmation?: Confirmation) => ({
    name: 'fake',
    verify: async () => ({ subject: 'user-1', confirmation }) as never,
  });
  const ask = (own?: Confirmation, told?: Confirmation) =>
    judge(
      createHybridVerifier({
        jwt: verifier(own),
        introspection: verifier(told),
        checkRevocation: true,
      }),
      'eyJ.a.b',
    );

  it.each<[Confirmation | undefined, Confirmation | undefined, string]>([
    [undefined, undefined, 'verified'],
    [bound, bound, 'verified'],
    [bound, undefined, 'verified'],
    [undefined, bound, 'token_sender_constrained'],
    [bound, { ...bound, thumbprint: 'other' }, 'token_sender_constrained'],
    [bound, { ...bound, method: 'x5t#S256' }, 'token_sender_constrained'],
  ])('holds %j of the JWT against %j of the server: %s', async (own, told, expected) => {
    expect(await ask(own, told)).toBe(expected);
  });
});
