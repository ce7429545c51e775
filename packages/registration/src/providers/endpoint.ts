import { ConfigError } from '@sallyport/core';

const loopback = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/**
 * Checks the address of a provider. It is returned as it is.
 *
 * @throws {ConfigError} When it is not an https URL without a slash at the end. http is taken for this computer, and
 *   `createGuardedFetch` refuses it in production.
 */
export function readEndpoint(option: string, address: string): string {
  const url = URL.parse(address);
  const isSecure =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname));
  if (url === null || !isSecure || url.username !== '' || url.hash !== '' || url.search !== '') {
    throw new ConfigError(option, 'must be an https URL without credentials, query and fragment');
  }
  if (address.endsWith('/')) throw new ConfigError(option, 'must not end with a slash');
  return address;
}
