/** Whether the request is from a browser on this machine, and not from a tunnel. */
import type { GateRequest } from '@sallyport/mcp-adapter';

const loopbackAuthority = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const loopbackAddress = /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/i;
const anyAddress = /^[\d.]+$|:/;

// Tunnels and reverse proxies add at least one of them. Their connections come from the loopback address.
const fieldsOfProxies: readonly string[] = [
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['x-forwarded-port', 'x-forwarded-server', 'x-real-ip', 'x-client-ip', 'x-original-host'],
  ...['cf-connecting-ip', 'cf-ray', 'cdn-loop', 'true-client-ip', 'fly-client-ip'],
  ...['x-envoy-external-address', 'x-cloud-trace-context', 'tailscale-user-login', 'x-azure-ref'],
];

/**
 * Returns true if the `Host` is a loopback name, no proxy has touched the request, no page of another origin sent
 * it, and the connection comes from a loopback address.
 */
export function isFromThisMachine({
  host,
  field,
  ignoresForwarded,
  clientAddress,
}: Pick<GateRequest, 'host' | 'field' | 'ignoresForwarded' | 'clientAddress'>): boolean {
  if (host === undefined || !loopbackAuthority.test(host)) return false;
  if (ignoresForwarded === true || fieldsOfProxies.some((name) => field(name).length > 0)) {
    return false;
  }
  if (anyAddress.test(clientAddress) && !loopbackAddress.test(clientAddress)) return false;
  const origins = field('origin');
  if (origins.some((origin) => origin.toLowerCase() !== `http://${host}`.toLowerCase()))
    return false;
  return field('sec-fetch-site').every((site) => site === 'none' || site === 'same-origin');
}
