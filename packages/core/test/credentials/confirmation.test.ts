import { describe, expect, it } from 'vitest';
import {
  assertConfirmationAccepted,
  type ConfirmationMethod,
  isSameConfirmation,
  readConfirmation,
} from '../../src/index.ts';

const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const both = new Set<ConfirmationMethod>(['jkt', 'x5t#S256']);
const refusal = expect.objectContaining({
  name: 'AuthError',
  code: 'token_sender_constrained',
  detail: expect.stringMatching(/^cnf: (bound to|an unknown kind|(jkt|x5t#S256) is not)/),
});

describe('readConfirmation', () => {
  it('finds none in a bearer token', () => {
    expect(readConfirmation({}, undefined)).toBeUndefined();
    expect(readConfirmation({}, both)).toBeUndefined();
  });

  it.each(['jkt', 'x5t#S256'] as const)('reads %s, so that nobody can change it', (method) => {
    const confirmation = readConfirmation({ cnf: { [method]: thumbprint } }, new Set([method]));

    expect(confirmation).toEqual({ method, thumbprint });
    expect(Object.isFrozen(confirmation)).toBe(true);
  });

  it.each([{ 'kc-jkt-type': 'access' }, { 'kc-jkt-type': null }])(
    'CASE-36: ignores what Keycloak says besides the key: %j',
    (member) => {
      for (const cnf of [
        { jkt: thumbprint, ...member },
        { ...member, jkt: thumbprint },
      ]) {
        expect(readConfirmation({ cnf }, both)).toEqual({ method: 'jkt', thumbprint });
        expect(() => readConfirmation({ cnf }, undefined)).toThrow(refusal);
      }
      expect(() => readConfirmation({ cnf: member }, both)).toThrow(refusal);
    },
  );

  it.each([
    ['jkt', undefined],
    ['jkt', new Set<ConfirmationMethod>()],
    ['jkt', new Set<ConfirmationMethod>(['x5t#S256'])],
    ['x5t#S256', new Set<ConfirmationMethod>(['jkt'])],
  ])('refuses %s where nobody asks for its proof (CLM-17)', (method, checked) => {
    expect(() => readConfirmation({ cnf: { [method]: thumbprint } }, checked)).toThrow(refusal);
  });

  it.each([
    [null],
    ['jkt'],
    [true],
    [7],
    [[]],
    [[thumbprint]],
    [{}],
    [{ kid: 'key-1' }],
    [{ jwk: { kty: 'EC' } }],
    [{ 'x5t#s256': thumbprint }],
    [{ JKT: thumbprint }],
    [{ jkt: thumbprint, 'x5t#S256': thumbprint }],
    [{ jkt: thumbprint, kid: 'key-1' }],
    [{ kid: 'key-1', jkt: thumbprint }],
    [{ jkt: undefined, 'x5t#S256': thumbprint }],
    [{ jkt: null }],
    [{ jkt: 7 }],
    [{ jkt: [thumbprint] }],
    [{ jkt: '' }],
    [{ jkt: thumbprint.slice(1) }],
    [{ jkt: `${thumbprint}A` }],
    [{ jkt: `${thumbprint}=` }],
    [{ jkt: `${thumbprint}\n` }],
    [{ jkt: thumbprint.replace('-', '+') }],
    [{ jkt: `${thumbprint.slice(0, -1)}J` }],
  ])('refuses what it does not understand to the last member: %j (CLM-17)', (cnf) => {
    expect(() => readConfirmation({ cnf }, both)).toThrow(refusal);
  });
});

it('asks again for what is remembered', () => {
  const confirmation = { method: 'jkt', thumbprint } as const;

  expect(() => assertConfirmationAccepted(confirmation, undefined)).toThrow(refusal);
  expect(() => assertConfirmationAccepted(confirmation, new Set(['x5t#S256']))).toThrow(refusal);
  expect(() => assertConfirmationAccepted(confirmation, both)).not.toThrow();
  expect(() => assertConfirmationAccepted(undefined, undefined)).not.toThrow();
});

it('compares bindings by both members, and none with none', () => {
  const one = { method: 'jkt', thumbprint } as const;

  expect(isSameConfirmation(one, { ...one })).toBe(true);
  expect(isSameConfirmation(undefined, undefined)).toBe(true);
  expect(isSameConfirmation(one, undefined)).toBe(false);
  expect(isSameConfirmation(undefined, one)).toBe(false);
  expect(isSameConfirmation(one, { ...one, method: 'x5t#S256' })).toBe(false);
  expect(isSameConfirmation(one, { ...one, thumbprint: 'other' })).toBe(false);
});
