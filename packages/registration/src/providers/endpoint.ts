import { ConfigError } from '@sallyport/core';

const loopback = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/**
 * Checks an endpoint of a provider. It is returned as it is.
 *
 * @throws {ConfigError} When it is not an https URL. http is taken for this computer, and `createGuardedFetch` refuses
 *   it in production.
 */
export function readEndpoint(option: string, address: string): string {
  const url = URL.parse(address);
  const isSecure =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname));
  if (url === null || !isSecure || url.username + url.password !== '' || address.includes('#')) {
    throw new ConfigError(option, 'must be an https URL without credentials and fragment');
  }
  // It is sent in a header field as it is.
  if (!/^[\x21-\x7e]+$/.test(address)) {
    throw new ConfigError(option, 'must be ASCII without spaces, such as xn--mller-kva.example');
  }
  return address;
}

/**
 * Checks an address that endpoints lie below.
 *
 * @throws {ConfigError} When it is not an https URL, has a query, or ends with a slash.
 */
export function readBase(option: string, address: string): string {
  readEndpoint(option, address);
  if (address.includes('?')) throw new ConfigError(option, 'must not have a query');
  if (address.endsWith('/')) throw new ConfigError(option, 'must not end with a slash');
  return address;
}
