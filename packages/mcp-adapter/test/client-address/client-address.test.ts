import { widerNetworkOf } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientAddressInput, clientAddress } from '../../src/index.ts';

const find = (input: Partial<ClientAddressInput>) =>
  clientAddress({
    socketAddress: '10.0.0.7',
    forwardedFor: [],
    forwarded: [],
    trustedProxyHops: 1,
    ...input,
  });

describe('the address of the connection', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2::3', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:0003:0004:0005:0006', '2001:db8:1:2::/64'],
    ['2001:db8:1::3', '2001:db8:1::/64'],
    ['2001:db8::3', '2001:db8::/64'],
    ['2001:0:0:2::', '2001:0:0:2::/64'],
    ['0:0:0:5::1', '0:0:0:5::/64'],
    ['::ffff:0:192.0.2.1', '::/64'],
    ['::1', '::/64'],
    ['::', '::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    [undefined, 'unknown'],
    ['', 'unknown'],
    ['/run/mcp.sock', 'unknown'],
  ])('writes %s as %s (RL-02, RL-03)', (socketAddress, expected) => {
    expect(find({ socketAddress, trustedProxyHops: 0 })).toBe(expected);
  });

  it('is one key for 100,000 addresses of a /64, and another for its neighbour (RL-03)', () => {
    const keys = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) {
      const host = (index * 2_654_435_761).toString(16).padStart(16, '0').slice(-16);
      const groups = host.match(/.{4}/g)?.join(':');
      keys.add(find({ socketAddress: `2001:db8:1:2:${groups}`, trustedProxyHops: 0 }));
    }

    expect([...keys]).toEqual(['2001:db8:1:2::/64']);
    expect(find({ socketAddress: '2001:db8:1:3::1', trustedProxyHops: 0 })).toBe(
      '2001:db8:1:3::/64',
    );
  });

  it('is written so that limiters find the /48 around it (RL-03)', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff }),
        fc.tuple(group, group, group),
        (first, rest) => {
          const groups = [first, ...rest].map((part) => part.toString(16));
          const key = find({ socketAddress: `${groups.join(':')}::1`, trustedProxyHops: 0 });
          expect(widerNetworkOf(key)).toBe(`${groups.slice(0, 3).join(':')}::/48`);
        },
      ),
    );
  });
});

describe('behind proxies', () => {
  it.each<[string, number, readonly string[], string]>([
    ['nothing, by default', 0, ['192.0.2.1'], '10.0.0.7'],
    ['the last entry for one proxy', 1, ['198.51.100.9, 192.0.2.1'], '192.0.2.1'],
    ['the last but one for two', 2, ['198.51.100.9, 192.0.2.1, 203.0.113.5'], '192.0.2.1'],
    ['the only entry', 1, ['192.0.2.1'], '192.0.2.1'],
    ['several fields in their order', 1, ['192.0.2.1', '192.0.2.2'], '192.0.2.2'],
    ['across fields', 2, ['198.51.100.9, 192.0.2.1', '203.0.113.5'], '192.0.2.1'],
    ['no entry where there are fewer than proxies', 2, ['192.0.2.1'], '10.0.0.7'],
    ['no entry of an empty field', 1, [''], '10.0.0.7'],
    ['an empty entry as one', 2, ['192.0.2.1,,203.0.113.5'], '10.0.0.7'],
    ['an address with a port', 1, ['192.0.2.1:4711'], '192.0.2.1'],
    ['IPv6 with a port', 1, ['[2001:db8:1:2::3]:4711'], '2001:db8:1:2::/64'],
    ['IPv6 in brackets', 1, ['[2001:db8:1:2::3]'], '2001:db8:1:2::/64'],
    ['IPv4 in brackets', 1, ['[192.0.2.1]:80'], '192.0.2.1'],
    ['IPv6 without any', 1, ['2001:db8:1:2::3'], '2001:db8:1:2::/64'],
    ['IPv4 in IPv6', 1, ['[::ffff:192.0.2.1]:80'], '192.0.2.1'],
    ['a zone id', 1, ['[fe80::1%25eth0]:80'], 'fe80::/64'],
    ['white space around it', 1, ['198.51.100.9,\t192.0.2.1 '], '192.0.2.1'],
  ])('takes %s (RL-01, RL-02)', (_name, trustedProxyHops, forwardedFor, expected) => {
    expect(find({ trustedProxyHops, forwardedFor })).toBe(expected);
  });

  it.each([
    'unknown',
    '_hidden',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2',
    '0xc0000201',
    '3221225985',
    '192.0.2.1:port',
    '192.0.2.1:123456',
    '192.0.2.1 192.0.2.2',
    '[192.0.2.1',
    '2001:db8::1::2',
    '2001:db8',
    '[2001:db8::1]x',
    '1:2:3:4:5:6:7:8:9',
    '::ffff:192.0.2.256',
    '"192.0.2.1"',
    'localhost',
    '2001:db8::1]@evil.example.net',
    '2001:db8::1]:80/[',
    '2001:db8::1]/',
    '2001:\tdb8::1',
    'x'.repeat(10_000),
    `192.0.2.1${' '.repeat(10_000)}x`,
  ])('takes the address of the connection where the trusted entry is %j (RL-02)', (entry) => {
    expect(find({ forwardedFor: [`192.0.2.66, ${entry}`] })).toBe('10.0.0.7');
  });

  it.each<[string, number, readonly string[], string]>([
    ['an IPv4 address', 1, ['for=192.0.2.1;proto=https'], '192.0.2.1'],
    ['a quoted one', 1, ['for="192.0.2.1:4711"'], '192.0.2.1'],
    ['a port, unquoted', 1, ['for=192.0.2.1:4711'], '192.0.2.1'],
    ['IPv6 with a port', 1, ['For="[2001:db8:1:2::1]:4711"'], '2001:db8:1:2::/64'],
    ['a hidden port', 1, ['for="[2001:db8:1:2::1]:_port"'], '2001:db8:1:2::/64'],
    ['parameters in any order', 1, ['proto=http; by=203.0.113.43 ; FOR=192.0.2.1 '], '192.0.2.1'],
    ['an escaped character', 1, ['for="192.0.2\\.1"'], '192.0.2.1'],
    ['commas in quotes', 2, ['for=192.0.2.1;host="a,b", for=203.0.113.5;host="c,d"'], '192.0.2.1'],
    ['escaped quotes', 1, ['for=192.0.2.1;host="a\\", for=198.51.100.9;b=\\""'], '192.0.2.1'],
    ['several fields', 2, ['for=198.51.100.9, for=192.0.2.1', 'for=203.0.113.5'], '192.0.2.1'],
    ['an unknown client', 1, ['for=unknown'], '10.0.0.7'],
    ['a hidden client', 1, ['for=_hidden'], '10.0.0.7'],
    ['an element without it', 1, ['proto=https;by=192.0.2.1'], '10.0.0.7'],
    ['two in one element', 1, ['for=192.0.2.1;for=192.0.2.2'], '10.0.0.7'],
    ['garbage after it', 1, ['for=192.0.2.1 garbage'], '10.0.0.7'],
    ['a quote that stays open', 1, ['for="192.0.2.1'], '10.0.0.7'],
    ['an entry of 10 KB', 1, [`for=192.0.2.1;host=${'x'.repeat(10_000)}`], '10.0.0.7'],
  ])('reads Forwarded with %s (RL-01, RL-02)', (_name, trustedProxyHops, forwarded, expected) => {
    expect(find({ trustedProxyHops, forwarded })).toBe(expected);
  });

  it('believes X-Forwarded-For where both are there, even a bad one (RL-01)', () => {
    const forwarded = ['for=198.51.100.9'];

    expect(find({ forwardedFor: ['192.0.2.1'], forwarded })).toBe('192.0.2.1');
    expect(find({ forwardedFor: ['unknown'], forwarded })).toBe('10.0.0.7');
  });
});

describe('whatever clients write', () => {
  const forgery = fc.oneof(
    fc.constantFrom('198.51.100.9', '2001:db8:ffff::1', 'for=198.51.100.9', 'unknown', '', ' '),
    fc.constantFrom('"', 'for="', 'for="a\\', '\\', ',', ',,"', 'for="[', ';', '%', 'a="\\"'),
    fc.string({ maxLength: 40, unit: fc.constantFrom(...'",;=\\ []:.%f1') }),
    fc.string({ maxLength: 40 }),
  );
  const forgeries = fc.array(forgery, { maxLength: 50 });
  const fields = (forged: readonly string[], trusted: readonly string[], split: number) => [
    forged.slice(0, split).join(', '),
    [...forged.slice(split), ...trusted].join(','),
  ];

  it.each([1, 2, 3])('the entry of the outermost of %i proxies decides (RL-01)', (hops) => {
    const others = ['203.0.113.1', '203.0.113.2'].slice(0, hops - 1);
    fc.assert(
      fc.property(forgeries, fc.nat(50), (forged, split) => {
        const forwardedFor = fields(forged, ['192.0.2.1', ...others], split);
        expect(find({ forwardedFor, trustedProxyHops: hops })).toBe('192.0.2.1');
        const elements = ['192.0.2.1', ...others].map(
          (address) => `for="${address}";host="a,\\"b"`,
        );
        const forwarded = fields(forged, elements, split);
        expect(find({ forwarded, trustedProxyHops: hops })).toBe('192.0.2.1');
      }),
      { numRuns: 2_000 },
    );
  });

  it('a server without proxies believes none of it (RL-01)', () => {
    fc.assert(
      fc.property(forgeries, forgeries, (forwardedFor, forwarded) => {
        expect(find({ forwardedFor, forwarded, trustedProxyHops: 0 })).toBe('10.0.0.7');
      }),
    );
  });

  it('it is an address, a network or unknown, and nothing is thrown (RL-02)', () => {
    const canonical = /^(\d{1,3}(\.\d{1,3}){3}|[\da-f:]{2,21}\/64|unknown)$/;
    fc.assert(
      fc.property(
        forgery,
        forgeries,
        forgeries,
        fc.nat(5),
        (socketAddress, forwardedFor, forwarded, trustedProxyHops) => {
          const key = find({ socketAddress, forwardedFor, forwarded, trustedProxyHops });
          expect(key).toMatch(canonical);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(['"', '\\', ',', 'a', ' ', '\\"', 'for=', ':', '[', '%'])(
    'it is read once and no more: 10 KB of %j (RL-02)',
    (part) => {
      const field = part.repeat(10_000 / part.length);

      expect(find({ forwardedFor: [field, '192.0.2.1'] })).toBe('192.0.2.1');
      expect(find({ forwardedFor: [field], trustedProxyHops: 2 })).toBe('10.0.0.7');
      expect(find({ forwarded: [field, 'for=192.0.2.1'] })).toBe('192.0.2.1');
      expect(find({ forwarded: [field] })).toBe('10.0.0.7');
    },
  );
});
