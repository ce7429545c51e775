import type { IncomingMessage } from 'node:http';

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a host name of a URL is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname);
}

/**
 * Whether a request comes from a web page that must not use this server: one that this machine does
 * not serve. Browsers send `Origin` with every POST and every request by a script; other programs
 * send none.
 *
 * Everybody may read the metadata and the public keys.
 */
export function isCrossSite({ method, url = '/', headers }: IncomingMessage): boolean {
  const [path = '/'] = url.split('?', 1);
  const isPublic = path === '/jwks' || path.startsWith('/.well-known/');
  const isReading = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  if (isPublic && isReading) return false;
  const { origin } = headers;
  if (origin !== undefined) return !isLoopbackOrigin(origin);
  // A page that submits a form without `Origin` is unknown, but an extension may remove the field.
  return !isReading && headers['sec-fetch-site'] === 'cross-site';
}

function isLoopbackOrigin(origin: string): boolean {
  const url = URL.parse(origin);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    // `Origin` has no path and no other spelling.
    url.origin === origin &&
    isLoopbackHost(url.hostname)
  );
}

/** Whether a form was submitted by a page of this server, or by no page at all. */
export function isOwnForm({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers;
  if (origin !== undefined) return origin === `http://${host}`;
  return headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin';
}

/** Fields that tunnels and reverse proxies add. Behind one, a stranger's request has a loopback peer. */
const fieldsOfProxies: readonly string[] = [
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['x-real-ip', 'x-original-host', 'cf-connecting-ip', 'cdn-loop', 'true-client-ip'],
];

/** Whether a tunnel or proxy may have brought this request from another machine. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return fieldsOfProxies.some((name) => headers[name] !== undefined);
}
