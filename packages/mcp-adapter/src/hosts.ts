/** For which names a request may come: against pages that let their own name lead here (DNS rebinding). */
import { ConfigError } from '@sallyport/core';

const ofThisMachine = ['localhost', '127.0.0.1', '[::1]'];

/**
 * @param allowedHosts Names without a port, such as `mcp.example.com`. Default: those of this machine
 *   where the resource is on it, and every name elsewhere, since proxies put in their own.
 * @throws {ConfigError} When one is no name of a host.
 */
export function createHostCheck(
  resource: string,
  allowedHosts?: readonly string[],
): (host: string | undefined) => boolean {
  for (const host of allowedHosts ?? []) {
    if (host.includes('*') || hostnameOf(host) !== host.toLowerCase()) {
      throw new ConfigError('gate.allowedHosts', `${JSON.stringify(host)} is no name of a host`);
    }
  }
  const isLocal = ofThisMachine.includes(new URL(resource).hostname);
  if (allowedHosts === undefined && !isLocal) return () => true;
  const allowed = new Set(allowedHosts?.map((host) => host.toLowerCase()) ?? ofThisMachine);
  return (host) => host !== undefined && allowed.has(hostnameOf(host) ?? '');
}

/** Without the port. `undefined` for what is no `Host` (RFC 9110 §7.2). */
function hostnameOf(host: string): string | undefined {
  if (/[/?#@\\]/.test(host)) return undefined;
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
