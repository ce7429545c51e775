/** Checks the host name of a request, against DNS rebinding. */
import { ConfigError } from '@sallyport/core';
import { loopback } from '../metadata/resource.ts';

const ofThisMachine = ['localhost', '127.0.0.1', '[::1]'];

/**
 * @param allowedHosts Names without a port, such as `mcp.example.com`. Default: those of this machine
 *   where the resource is on it, and every name elsewhere, since proxies put in their own.
 * @throws {ConfigError} When one is not a host name.
 */
export function createHostCheck(
  resource: string,
  allowedHosts?: readonly string[],
): (host: string | undefined) => boolean {
  for (const host of allowedHosts ?? []) {
    if (host.includes('*') || !isHostname(host.toLowerCase())) {
      throw new ConfigError(
        'gate.allowedHosts',
        `${JSON.stringify(host)} is not a host name: write it without a scheme, port or wildcard, such as mcp.example.com`,
      );
    }
  }
  const { hostname } = new URL(resource);
  if (allowedHosts === undefined && !loopback.test(hostname)) return () => true;
  const names = allowedHosts?.map((host) => host.toLowerCase());
  const allowed = new Set(names ?? [...ofThisMachine, hostname]);
  return (host) => host !== undefined && allowed.has(hostnameOf(host) ?? '');
}

// RFC 9110 §7.2, RFC 3986 §3.2.3.
const optionalPort = /:\d{0,5}$/;

/** In lower case, without the port. */
export function hostnameOf(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(optionalPort, '');
}

function isHostname(host: string): boolean {
  const url = `http://${host}`;
  return URL.canParse(url) && new URL(url).hostname === host;
}
