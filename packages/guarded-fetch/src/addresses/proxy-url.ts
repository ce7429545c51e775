import { isIP } from 'node:net';
import { ConfigError } from '@sallyport/core';
import { isMetadataAddress, isMetadataName } from './metadata-service.ts';

/**
 * Checks the URL of an HTTP proxy. It may be on this machine or in a private network, where proxies
 * mostly are.
 *
 * @throws {ConfigError} When it is no http or https URL without path and credentials. The message
 *   repeats nothing of the URL.
 */
export function parseProxyUrl(option: string, value: string): string {
  if (typeof value !== 'string' || /\s/.test(value) || !URL.canParse(value)) {
    throw new ConfigError(option, 'must be a URL such as http://proxy.internal:3128');
  }
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(option, 'must be an http or https URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(option, 'must not contain credentials');
  }
  if (url.pathname !== '/' || url.search !== '' || value.includes('#')) {
    throw new ConfigError(option, 'must have no path, query or fragment');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isMetadataName(host) || (isIP(host) !== 0 && isMetadataAddress(host))) {
    throw new ConfigError(option, 'leads to a metadata service of a cloud');
  }
  return url.href;
}
