import { ConfigError } from '@sallyport/core';
import { checkHostOptions } from '../hosts/host-checks.ts';
import { entryFromRight, readForwardedFor, withoutPort } from './forwarded.ts';
import { networkOf } from './ip-address.ts';

/** The sources of the client's address. */
export interface ClientAddressInput {
  /** The other end of the connection: the client, or the nearest proxy. */
  readonly socketAddress: string | undefined;
  /** Every `X-Forwarded-For` field, in order. */
  readonly forwardedFor: readonly string[];
  /** Every `Forwarded` field, in order. They count only where there is no `X-Forwarded-For`. */
  readonly forwarded: readonly string[];
  /** The number of proxies that append an address. 0: the fields are ignored. */
  readonly trustedProxyHops: number;
}

/** Options of the hosts that have a socket. */
export interface HostOptions {
  /**
   * The number of proxies in front of the server that append an address to `X-Forwarded-For`. The gate reads
   * exactly that many entries, from the right. Cloud Run: 1, or 2 behind an external load balancer. If the number
   * is too high, clients can forge their address. A whole number from 0 to 50. Default 0: the address of the
   * connection.
   */
  readonly trustedProxyHops?: number;
}

/**
 * The client's address, for counting failures: an IPv4 address, the /64 of an IPv6 one, or `unknown`.
 *
 * If the trusted proxies wrote no address, it is the address of the connection. `X-Forwarded-For` takes precedence
 * over `Forwarded`: nearly every proxy appends to the first, and passes on what clients put into the second. It
 * never throws for the content of a request.
 *
 * @example
 * ```ts
 * clientAddress({
 *   socketAddress: '10.0.0.7',
 *   forwardedFor: ['192.0.2.66, 2001:db8:1:2::3'],
 *   forwarded: [],
 *   trustedProxyHops: 1,
 * }); // '2001:db8:1:2::/64'
 * ```
 */
export function clientAddress(input: ClientAddressInput): string {
  const { socketAddress, trustedProxyHops } = input;
  const named = trustedProxyHops === 0 ? undefined : readNamed(input);
  const network = named === undefined ? undefined : networkOf(withoutPort(named));
  return network ?? networkOf(socketAddress ?? '') ?? 'unknown';
}

function readNamed(input: ClientAddressInput): string | undefined {
  const { forwardedFor, forwarded, trustedProxyHops } = input;
  if (forwardedFor.length > 0) return entryFromRight(forwardedFor, trustedProxyHops, false);
  const element = entryFromRight(forwarded, trustedProxyHops, true);
  return element === undefined ? undefined : readForwardedFor(element);
}

/** @throws {ConfigError} When it is not a whole number from 0 to 50. */
export function readTrustedProxyHops(options: HostOptions): number {
  const { trustedProxyHops = 0 } = checkHostOptions(options);
  if (!(Number.isInteger(trustedProxyHops) && trustedProxyHops >= 0 && trustedProxyHops <= 50)) {
    throw new ConfigError('gate.trustedProxyHops', 'must be a whole number from 0 to 50');
  }
  return trustedProxyHops;
}
