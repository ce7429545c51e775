import { describe, expect, it } from 'vitest';
import { judgeAddress } from '../src/index.ts';

const strict = { allowLoopback: false, allowPrivateNetwork: false };
const lenient = { allowLoopback: true, allowPrivateNetwork: true };

describe('judgeAddress (JWK-02)', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
  ])('lets %s through', (address) => {
    expect(judgeAddress(address, strict)).toBeUndefined();
  });

  it.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'takes %s for this machine',
    (address) => {
      expect(judgeAddress(address, strict)).toBe('an address of this machine');
      expect(judgeAddress(address, { ...strict, allowLoopback: true })).toBeUndefined();
    },
  );

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fd12::1',
    '::ffff:10.0.0.1',
  ])('takes %s for private', (address) => {
    expect(judgeAddress(address, strict)).toBe('a private address');
    expect(judgeAddress(address, { ...strict, allowPrivateNetwork: true })).toBeUndefined();
  });

  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.0.8',
    '198.18.0.1',
    'fe80::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
    '2001:db8::1',
    'fec0::1',
    'example.com',
    '',
    '2130706433',
  ])('refuses %s whatever is allowed', (address) => {
    expect(judgeAddress(address, lenient)).toEqual(expect.any(String));
  });
});
