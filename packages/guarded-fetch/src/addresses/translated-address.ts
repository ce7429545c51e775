import { toBytes } from './ip-bytes.ts';
import { blockList } from './subnets.ts';

/** An IPv6 address that a translator turns into one of these IPv4 addresses. */
export interface TranslatedAddress {
  /** Each way in which the translator can read it. */
  readonly ipv4: readonly string[];
  /** Whether the prefix is for one network alone, which may translate its private addresses. */
  readonly isLocal: boolean;
}

// RFC 6052 §2.1 and RFC 8215.
const wellKnown = blockList([['64:ff9b::', 96]]);
const local = blockList([['64:ff9b:1::', 48]]);

// Where the IPv4 address is behind prefixes of 48, 56, 64 and 96 bits (RFC 6052 §2.2).
const places: readonly (readonly number[])[] = [
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
];

/** Reads what an IPv6-only network makes of IPv4 addresses (NAT64 with DNS64, RFC 6147). */
export function readTranslated(address: string): TranslatedAddress | undefined {
  const isIn = (list: typeof local) => list.check(address, 'ipv6');
  if (!isIn(wellKnown) && !isIn(local)) return undefined;
  const bytes = toBytes(address);
  const read = (place: readonly number[]) => place.map((index) => bytes[index]).join('.');
  if (isIn(wellKnown)) return { ipv4: [read([12, 13, 14, 15])], isLocal: false };
  // With a longer prefix than it has, an address reads as 0.x: no translator sends that on.
  const ipv4 = places.map(read).filter((text) => !text.startsWith('0.'));
  return { ipv4: ipv4.length > 0 ? ipv4 : ['0.0.0.0'], isLocal: true };
}
