import { expect, it } from 'vitest';
import { widerNetworkOf } from '../../src/index.ts';

it.each([
  ['2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:ffff::/64', '2001:db8:1::/48'],
  ['2001:db8:1::/64', '2001:db8:1::/48'],
  ['2001:db8:0:7::/64', '2001:db8:0::/48'],
  ['2001:db8::/64', '2001:db8:0::/48'],
  ['2001::/64', '2001:0:0::/48'],
  ['fd00:a:b:c::/64', 'fd00:a:b::/48'],
])('finds the network around %s (RL-03)', (key, network) => {
  expect(widerNetworkOf(key)).toBe(network);
});

it('finds one network around all the 65,536 of a customer (RL-03)', () => {
  const networks = Array.from({ length: 65_536 }, (_, index) =>
    widerNetworkOf(index === 0 ? '2001:db8:1::/64' : `2001:db8:1:${index.toString(16)}::/64`),
  );

  expect(new Set(networks)).toEqual(new Set(['2001:db8:1::/48']));
});

it.each([
  '192.0.2.1',
  '::/64',
  '0:0:0:ffff::/64',
  '::ffff:192.0.2.1',
  '2001:db8:1:2::1',
  '2001:db8:1:2::/63',
  '2001:db8:1:2:3::/64',
  '2001:db8:1::/48',
  'g001:db8:1:2::/64',
  '2001:db8:1:2::/64\n',
  '',
  `${'2001:'.repeat(2_000)}:/64`,
])('finds none around %j (RL-14)', (key) => {
  expect(widerNetworkOf(key)).toBeUndefined();
});
