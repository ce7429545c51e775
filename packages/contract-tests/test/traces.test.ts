import { expect, it } from 'vitest';
import { findMutable } from '../src/traces.ts';

it('names each place of a value that could still be changed', () => {
  const value = { audience: Object.freeze(['a', { scopes: [] }]), issuer: 'b', none: null };

  expect(findMutable(value)).toEqual([
    'principal',
    'principal.audience.1',
    'principal.audience.1.scopes',
  ]);
  expect(findMutable(Object.freeze({ scopes: new Set(['c']) }))).toEqual([]);
});
