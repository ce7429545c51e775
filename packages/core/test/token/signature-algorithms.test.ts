import { expect, it } from 'vitest';
import { asymmetricAlgorithms } from '../../src/index.ts';

it('names each algorithm for public keys with its kind of key, and no algorithm for secrets (TOK-03)', () => {
  expect([...asymmetricAlgorithms].map(([name, { curve = 'RSA' }]) => [name, curve])).toEqual([
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, 'RSA']),
    ['ES256', 'P-256'],
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'Ed25519'],
  ]);
});
