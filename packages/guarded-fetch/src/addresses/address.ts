/** Which network addresses may be connected to. */
import { isIP } from 'node:net';
import { toBytes } from './ip-bytes.ts';
import { isMetadataAddress } from './metadata-service.ts';
import { blockList } from './subnets.ts';
import { readTranslated } from './translated-address.ts';

/** Where {@link judgeAddress} lets connections go besides the public Internet. */
export interface AddressPolicy {
  /** This machine. For development only. */
  readonly allowLoopback: boolean;
  /**
   * RFC 1918, CGNAT, unique local addresses, and 240.0.0.0/4, which clouds and service meshes use
   * inside: for an authorization server inside one's network.
   */
  readonly allowPrivateNetwork: boolean;
}

const loopback = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

const privateNetwork = blockList([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['240.0.0.0', 4],
  ['fc00::', 7],
]);

// Many proxies that redirect connections let DNS answer with addresses of this range.
const benchmark = blockList([['198.18.0.0', 15]]);

// The registries of special-purpose addresses (RFC 6890), link-local included, and those that embed
// an IPv4 address.
const special = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

const globalUnicast = blockList([['2000::', 3]]);
const mapped = blockList([['::ffff:0:0', 96]]);

/**
 * Judges an address that is about to be connected to. IPv4-mapped IPv6 addresses, and those of the
 * NAT64 prefixes of RFC 6052 and RFC 8215, are judged as the IPv4 address they hold.
 *
 * @param address As a resolver gives it, or as `URL` writes it: without brackets.
 * @returns Why it is refused; `undefined` when it may be connected to.
 */
export function judgeAddress(address: string, policy: AddressPolicy): string | undefined {
  const version = isIP(address);
  if (version === 0) return 'no IP address';
  // Only link-local addresses have a zone.
  if (address.includes('%')) return 'a special-purpose address';
  if (isMetadataAddress(address)) return metadataService;
  if (version === 4) return judgeIPv4(address, policy);
  if (mapped.check(address, 'ipv6')) {
    return judgeIPv4(toBytes(address).slice(12).join('.'), policy);
  }
  const translated = readTranslated(address);
  return translated === undefined
    ? judgeIPv6(address, policy)
    : judgeTranslated(translated.ipv4, translated.isLocal && policy.allowPrivateNetwork);
}

const metadataService = 'a special-purpose address: a metadata service of a cloud';

/** RFC 6052 §3.1: the well-known prefix is for public IPv4 addresses alone. */
function judgeTranslated(
  addresses: readonly string[],
  allowPrivateNetwork: boolean,
): string | undefined {
  const policy = { allowLoopback: false, allowPrivateNetwork };
  const reason = addresses
    .map((address) => judgeAddress(address, policy))
    .find((found) => found !== undefined);
  return reason === undefined ? undefined : `${reason} behind a translator (NAT64)`;
}

function judgeIPv4(address: string, policy: AddressPolicy): string | undefined {
  if (special.check(address)) return 'a special-purpose address';
  if (benchmark.check(address)) {
    return 'a special-purpose address (198.18.0.0/15), which transparent proxies give out';
  }
  if (loopback.check(address)) {
    return policy.allowLoopback ? undefined : 'an address of this machine';
  }
  if (!privateNetwork.check(address) || policy.allowPrivateNetwork) return undefined;
  return 'a private address';
}

function judgeIPv6(address: string, policy: AddressPolicy): string | undefined {
  const isIn = (list: typeof special) => list.check(address, 'ipv6');
  if (isIn(special)) return 'a special-purpose address';
  if (isIn(loopback)) return policy.allowLoopback ? undefined : 'an address of this machine';
  if (isIn(privateNetwork)) return policy.allowPrivateNetwork ? undefined : 'a private address';
  // An allow-list: new special ranges are carved out of what is not assigned today.
  return isIn(globalUnicast) ? undefined : 'a special-purpose address: not public';
}
