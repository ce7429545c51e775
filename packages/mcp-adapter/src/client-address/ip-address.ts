const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`);
// Only the characters and the length of an address, so the URL parser below gets nothing else.
const ipv6 = /^[\da-f:.]{2,45}$/i;

/**
 * Returns the network that failures are counted against, in canonical form: an IPv4 address, or the /64 of an IPv6
 * address, because one client has the whole /64. `undefined` when `text` is not an address.
 *
 * @param text Without port and brackets. A zone id does not count.
 */
export function networkOf(text: string): string | undefined {
  if (ipv4.test(text)) return text;
  const [address = ''] = text.split('%', 1);
  if (!ipv6.test(address) || !URL.canParse(`http://[${address}]`)) return undefined;
  const groups = expand(new URL(`http://[${address}]`).hostname.slice(1, -1));
  return readMappedIpv4(groups) ?? writeNetwork64(groups);
}

/** @param canonical As the URL parser writes it: lower case, without leading zeros, no dots. */
function expand(canonical: string): readonly number[] {
  const [head = '', tail = ''] = canonical.split('::', 2);
  const before = parseGroups(head);
  const after = parseGroups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

function parseGroups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** `::ffff:192.0.2.1` is what a socket that listens for both calls an IPv4 client. */
function readMappedIpv4(groups: readonly number[]): string | undefined {
  const [a, b, c, d, e, mark, high = 0, low = 0] = groups;
  if (mark !== 0xffff || [a, b, c, d, e].some((group) => group !== 0)) return undefined;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function writeNetwork64(groups: readonly number[]): string {
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  while (network.at(-1) === '0') network.pop();
  return `${network.join(':')}::/64`;
}
