import { BlockList } from 'node:net';

/** An address and how many of its bits count. */
export type Subnet = readonly [address: string, prefix: number];

/** A list of IPv4 and IPv6 subnets. */
export function blockList(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) {
    list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
