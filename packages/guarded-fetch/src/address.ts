/** Which network addresses may be connected to. */
import { BlockList, isIP } from 'node:net';

/** Where {@link judgeAddress} lets connections go besides the public Internet. */
export interface AddressPolicy {
  /** This machine. For development only. */
  readonly allowLoopback: boolean;
  /** RFC 1918, CGNAT and unique local addresses: for an authorization server inside one's network. */
  readonly allowPrivateNetwork: boolean;
}

type Subnet = readonly [address: string, prefix: number];

const loopback = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

const privateNetwork = blockList([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['fc00::', 7],
]);

// Metadata services that stand in a private range: open to nobody, whatever is allowed.
const metadataService = blockList([
  ['100.100.100.200', 32],
  ['fd00:ec2::254', 128],
]);

// The registries of special-purpose addresses (RFC 6890), link-local and its metadata service
// included, and those that embed an IPv4 address.
const special = blockList([
  ['0.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

const globalUnicast = blockList([['2000::', 3]]);

/**
 * Judges an address that is about to be connected to. IPv4-mapped IPv6 addresses are judged as the
 * IPv4 address they hold.
 *
 * @param address As a resolver gives it, or as `URL` writes it: without brackets.
 * @returns Why it is refused; `undefined` when it may be connected to.
 */
export function judgeAddress(address: string, policy: AddressPolicy): string | undefined {
  const version = isIP(address);
  if (version === 0) return 'no IP address';
  const isIn = (list: BlockList) => list.check(address, version === 4 ? 'ipv4' : 'ipv6');

  if (isIn(metadataService) || isIn(special)) return 'a special-purpose address';
  if (isIn(loopback)) return policy.allowLoopback ? undefined : 'an address of this machine';
  if (isIn(privateNetwork)) return policy.allowPrivateNetwork ? undefined : 'a private address';
  // An allow-list for IPv6: new special ranges are carved out of what is not assigned today.
  if (version === 6 && !isMapped(address) && !isIn(globalUnicast)) return 'no public address';
  return undefined;
}

const mapped = blockList([['::ffff:0:0', 96]]);

function isMapped(address: string): boolean {
  return mapped.check(address, 'ipv6');
}

function blockList(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) {
    list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
