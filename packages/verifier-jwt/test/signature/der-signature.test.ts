import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { toDerSignature } from '../../src/signature/der-signature.ts';

it.each([
  ['0000000100000002', '3006020101020102'],
  ['0000000000000000', '3006020100020100'],
  ['00000080ffffffff', '300b02020080020500ffffffff'],
  ['7fffffff80000000', '300d02047fffffff02050080000000'],
])('writes %s as %s', (halves, der) => {
  expect(toDerSignature(Buffer.from(halves, 'hex')).toString('hex')).toBe(der);
});

it.each([
  ['P-256', 'sha256', 300],
  // The long curves take many times as long for each signature.
  ['P-384', 'sha384', 60],
  // Long enough for a length of two bytes.
  ['P-521', 'sha512', 60],
] as const)('writes what OpenSSL reads, for %s', (namedCurve, hash, signatures) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  for (let count = 0; count < signatures; count += 1) {
    const data = Buffer.from(`${count}`);
    const halves = sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });

    expect(verify(hash, data, publicKey, toDerSignature(halves))).toBe(true);
  }
});
