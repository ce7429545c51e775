import { expect, it } from 'vitest';
import { canonicalName } from '../src/secret-name.ts';

it.each([
  ['jwt-issuer', 'jwt-issuer'],
  ['jwt-issuer@latest', 'jwt-issuer'],
  ['notes/jwt-issuer', 'notes/jwt-issuer'],
  [
    'notes/key@0f3b1c5e-8a7d-4c2b-9e6f-1a2b3c4d5e6f',
    'notes/key@0f3b1c5e-8a7d-4c2b-9e6f-1a2b3c4d5e6f',
  ],
])('reads the name %s', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});

it.each(['', '../key', 'a/../b', '/key', 'key/', 'arn:aws:a', 'key?x', 'key@', 'key@3', 'a b'])(
  'refuses the name %j before anything is sent (SEC-18)',
  (name) => {
    expect(() => canonicalName(name)).toThrow('aws.name: must be');
  },
);
