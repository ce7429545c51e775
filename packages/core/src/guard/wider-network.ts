// Without leading zeros, and with `::` for the host's half, as all canonical forms of a /64 have it.
// None that begins with 0: those are IPv4 addresses in disguise, which share no network.
const network64 = /^([1-9a-f][\da-f]{0,3}(?::[\da-f]{1,4}){0,3})::\/64$/;

/**
 * Returns the /48 that contains an IPv6 client's /64, and `undefined` for all other keys. Internet providers
 * give a /48 to one customer. A rate limiter counts it too: otherwise the customer has 65,536 limits.
 *
 * @example
 * ```ts
 * widerNetworkOf('2001:db8:1:2::/64'); // '2001:db8:1::/48'
 * ```
 */
export function widerNetworkOf(clientKey: string): string | undefined {
  const groups = network64.exec(clientKey)?.[1]?.split(':');
  if (groups === undefined) return undefined;
  const [first, second = '0', third = '0'] = groups;
  return `${first}:${second}:${third}::/48`;
}
