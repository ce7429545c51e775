/** Redirect addresses as texts: how they must be written, and when two are the same. */

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const longest = 512;
// Browsers run or show these themselves, so no program would get the code.
const unsafeSchemes: ReadonlySet<string> = new Set([
  ...['about:', 'blob:', 'data:', 'file:', 'filesystem:', 'ftp:', 'intent:', 'javascript:'],
  ...['mailto:', 'tel:', 'sms:', 'vbscript:', 'view-source:', 'ws:', 'wss:', 'content:'],
]);

/**
 * Says why an address cannot be a redirect address. `undefined`: it can be one.
 *
 * An address must be written as the URL standard writes it. Every program then reads the same host and path.
 */
export function findAddressFault(address: unknown): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return 'must be an absolute URL';
  if (address.length > longest) return `must have at most ${longest} characters`;
  const url = new URL(address);
  if (address.includes('#')) return 'must not have a fragment';
  if (url.username !== '' || url.password !== '') return 'must not have a user name';
  if (unsafeSchemes.has(url.protocol)) return 'must not have this scheme';
  const isCanonical = url.href === address || url.href === `${address}/`;
  if (!isCanonical || !/^[\x21-\x7e]+$/.test(address) || address.includes('\\')) {
    return 'must be written as a browser writes it';
  }
  if (/%(?:2e|2f|5c|00)/i.test(url.pathname) || url.pathname.includes('//')) {
    return 'must have a plain path';
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    return 'must use https, or http on this computer';
  }
  return undefined;
}

/** Whether an address belongs to a program on the person's own computer (RFC 8252 §7.3). */
export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && loopbackHosts.has(hostname);
}

/**
 * Whether an address is a registered one. The texts must be equal. Only the port of a loopback address may differ,
 * because programs get theirs from the operating system (RFC 8252 §7.3).
 */
export function isSameAddress(address: string, registered: string): boolean {
  if (address === registered) return true;
  const [left, right] = [new URL(address), new URL(registered)];
  if (!isLoopback(left) || !isLoopback(right)) return false;
  return withoutPort(left) === withoutPort(right);
}

function withoutPort({ hostname, pathname, search }: URL): string {
  return hostname + pathname + search;
}

/** Adds parameters to the query of a redirect address. */
export function withParameters(
  address: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.append(name, value);
  }
  return `${address}${address.includes('?') ? '&' : '?'}${query}`;
}
