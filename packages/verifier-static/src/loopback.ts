import { isIPv4 } from 'node:net';

/**
 * Whether a server that listens on `host` can only be reached from the same machine: `localhost`,
 * 127.0.0.0/8 or `::1`. Other spellings of these addresses count as reachable.
 */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return ['localhost', '::1', '[::1]'].includes(host.toLowerCase());
}
