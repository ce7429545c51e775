/** Members of a key that a server writes although it has nothing to say in them. */
import { describe, expect, it } from 'vitest';
import { readKeySet } from '../../src/keys/key-set.ts';
import { algorithms, ec, rsa } from './remote/jwks-origin.ts';

const optional = [
  'use',
  'alg',
  'key_ops',
  'issuer',
  'd',
  'k',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'oth',
  'x5c',
];
const empty = [null, '', []];
const read = (members: object) => readKeySet({ keys: [{ ...rsa, ...members }, ec] }, algorithms);

describe('CASE-32: an empty member of a key counts as absent', () => {
  it.each(optional.flatMap((name) => empty.map((value) => [name, value] as const)))(
    '%s: %j',
    (name, value) => {
      const { size, dropped } = read({ [name]: value });

      expect(size).toBe(2);
      expect([...dropped]).toEqual([]);
    },
  );

  it('also where all of them are empty', () => {
    for (const value of empty) {
      expect(read(Object.fromEntries(optional.map((name) => [name, value]))).size).toBe(2);
    }
  });

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi'])(
    'a real private member %s beside empty ones is still reported as a leak',
    (name) => {
      const { size, dropped } = read({ d: null, k: null, use: null, [name]: 'AAAA' });

      expect(size).toBe(1);
      expect([...dropped]).toEqual([['private', 1]]);
    },
  );
});
