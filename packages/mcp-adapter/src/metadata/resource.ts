import { ConfigError, check, checkArgument } from '@sallyport/core';

const wellKnown = '/.well-known/oauth-protected-resource';
/** Names of this machine. */
export const loopback: RegExp = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Where the protected resource metadata of `resource` is served: the well-known path inserted
 * between host and path (RFC 9728 §3.1). `https://h/mcp` becomes
 * `https://h/.well-known/oauth-protected-resource/mcp`.
 *
 * @param resource The public URL of the MCP endpoint, as it stands in the tokens' `aud`.
 * @throws {ConfigError} When it is not an absolute https URL (http is allowed on loopback only),
 *   or has credentials, a query, a fragment or a trailing slash.
 */
export function protectedResourceMetadataUrl(resource: string): string {
  checkArgument('gate.resource', resource, check.text);
  const url = parseEndpoint('gate.resource', resource);
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(resource)) {
    throw new ConfigError('gate.resource', 'must have no query and no fragment (RFC 8707 §2)');
  }
  if (resource.endsWith('/')) {
    throw new ConfigError(
      'gate.resource',
      'must not end in a slash: clients compare it character by character',
    );
  }
  const path = resource.slice(resource.indexOf('//') + 2).replace(/^[^/]*/, '');
  if (path !== (url.pathname === '/' ? '' : url.pathname)) {
    throw new ConfigError('gate.resource', `must be written as clients send it: ${url.href}`);
  }
  return `${url.origin}${wellKnown}${url.pathname === '/' ? '' : url.pathname}`;
}

/** @throws {ConfigError} When `value` is not an https URL, or an http URL on loopback. */
export function parseEndpoint(option: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const secure =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname));
  if (url === undefined || !secure) {
    throw new ConfigError(
      option,
      'must be an https URL. With ENVIRONMENT=development, http is allowed on loopback',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(option, 'must not contain credentials');
  }
  return url;
}
