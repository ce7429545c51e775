import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toDerSignature } from '../src/tokens/der-signature.ts';

describe('toDerSignature', () => {
  it.each([
    ['plain', '0102', '3006020101020102'],
    ['a high bit, which needs a zero in front', '80ff', '300802020080020200ff'],
    ['zeros in front, which must go', '00010080', '3007020101' + '02020080'],
    ['zero', '0000', '3006020100020100'],
  ])('encodes integers: %s', (_, signature, expected) => {
    expect(toDerSignature(Buffer.from(signature, 'hex')).toString('hex')).toBe(expected);
  });

  it.each(['P-256', 'P-384'])('gives what OpenSSL takes, for %s', (namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    // Many, since every second integer has a high bit, and every 256th a zero in front.
    for (let round = 0; round < 300; round += 1) {
      const data = Buffer.from(`message ${round}`);
      const signature = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });

      expect(verify('sha256', data, publicKey, toDerSignature(signature))).toBe(true);
    }
  });
});
