import { describe, expect, it } from 'vitest';
import { judgeAddress } from '../src/addresses/address.ts';

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

/** Every IPv4 address in the IPv6 forms that carry one. */
function embed(ipv4: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  const hex = (...bytes: number[]) =>
    bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const low = `${hex(a, b)}:${hex(c, d)}`;
  return [
    `::ffff:${ipv4}`,
    `::FFFF:${low}`,
    `0:0:0:0:0:ffff:${low}`,
    `0000:0000:0000:0000:0000:ffff:${low}`,
    `::${low}`,
    `::${ipv4}`,
    `::ffff:0:${ipv4}`,
    `64:ff9b::${ipv4}`,
    `0064:FF9B:0:0:0:0:${low}`,
    `64:ff9b:1::${ipv4}`,
    `64:ff9b:1:abcd::${low}`,
    // RFC 6052 §2.2: prefixes of 48, 56 and 64 bits.
    `64:ff9b:1:${hex(a, b)}:${hex(0, c)}:${hex(d, 0)}::`,
    `64:ff9b:1:${hex(0, a)}:${hex(0, b)}:${hex(c, d)}::`,
    `64:ff9b:1:0:${hex(0, a)}:${hex(b, c)}:${hex(d, 0)}:0`,
    // A translator's own prefix, ISATAP, 6to4, Teredo.
    `2606:4700:64::${ipv4}`,
    `2606:4700::5efe:${ipv4}`,
    `2002:${low}::1`,
    `2001:0:4136:e378:8000:63bf:${hex(255 - a, 255 - b)}:${hex(255 - c, 255 - d)}`,
  ];
}

describe('CASE-09: metadata services', () => {
  const ipv4 = [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.0.23',
    '169.254.42.42',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
  ];

  it.each(ipv4)('are open to nobody: %s, in every form that carries it', (address) => {
    for (const spelling of [address, ...embed(address)]) {
      for (const policy of [strict, lenient]) {
        expect(judgeAddress(spelling, policy), spelling).toEqual(expect.any(String));
      }
    }
  });

  it.each([
    'fd00:ec2::254',
    'fd00:ec2::23',
    'FD00:0EC2:0000:0000:0000:0000:0000:0254',
    'fd20:ce::254',
    'fd20:00ce:0:0:0:0:0:254',
    'fd20:ce::0.0.2.84',
    'fd00:c1::a9fe:a9fe',
    'fd00:c1::169.254.169.254',
    'fd00:42::42',
    'fd00:a9fe:a9fe::1',
    'fd00:100::100:200',
    'fe80::a9fe:a9fe',
    'fe80::a9fe:a9fe%eth0',
  ])('are open to nobody: %s', (address) => {
    expect(judgeAddress(address, lenient)).toEqual(expect.any(String));
  });

  it('leave their neighbours in a private network alone', () => {
    for (const address of ['fd20:ce::253', 'fd20:ce::255', 'fd00:42::43', '100.100.100.201']) {
      expect(judgeAddress(address, lenient), address).toBeUndefined();
    }
  });
});

describe('CASE-38: networks that translate IPv4 addresses (NAT64)', () => {
  it.each(['64:ff9b::8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::8.8.8.8', '64:ff9b:1:808:8:800::'])(
    'reach public addresses at %s',
    (address) => {
      expect(judgeAddress(address, strict)).toBeUndefined();
    },
  );

  it.each(['10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '127.0.0.1', '0.0.0.0'])(
    'do not reach %s at the well-known prefix, whatever is allowed',
    (ipv4) => {
      for (const policy of [strict, lenient]) {
        expect(judgeAddress(`64:ff9b::${ipv4}`, policy)).toContain('behind a translator (NAT64)');
      }
    },
  );

  it('reach private addresses only at the local prefix, and only when allowed', () => {
    for (const address of ['64:ff9b:1::10.1.2.3', '64:ff9b:1:a01:2:300::']) {
      expect(judgeAddress(address, strict)).toBe('a private address behind a translator (NAT64)');
      expect(judgeAddress(address, lenient)).toBeUndefined();
    }
    expect(judgeAddress('64:ff9b:1::127.0.0.1', lenient)).toContain('this machine');
    expect(judgeAddress('64:ff9b:1::', lenient)).toContain('special-purpose');
  });
});

describe('CASE-38: addresses that networks use inside', () => {
  it('takes 240.0.0.0/4, which service meshes give out, for private', () => {
    expect(judgeAddress('240.240.0.5', strict)).toBe('a private address');
    expect(judgeAddress('240.240.0.5', lenient)).toBeUndefined();
    expect(judgeAddress('255.255.255.255', lenient)).toBe('a special-purpose address');
  });

  it('names the transparent proxies that 198.18.0.0/15 comes from', () => {
    expect(judgeAddress('198.18.0.7', lenient)).toContain('transparent proxies');
  });
});
