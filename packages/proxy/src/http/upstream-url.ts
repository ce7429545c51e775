/** The address of the upstream. It is configuration: no request chooses where it goes. */
import { ConfigError } from '@sallyport/core';

/** Where requests go. */
export interface UpstreamUrl {
  readonly origin: string;
  /** With the query, if there is one. */
  readonly path: string;
  /** Whether other machines can read what is sent there. */
  readonly isExposed: boolean;
}

const loopback = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/** @throws {ConfigError} When it is no http or https URL, or has credentials, a fragment or white space. */
export function readUpstreamUrl(value: string): UpstreamUrl {
  const option = 'upstream.url';
  if (/\s/.test(value) || !URL.canParse(value)) {
    throw new ConfigError(option, 'must be an absolute URL, such as http://127.0.0.1:9000/mcp');
  }
  const { protocol, username, password, hash, origin, pathname, search, hostname } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new ConfigError(option, 'must be an http or https URL');
  }
  if (username !== '' || password !== '') {
    throw new ConfigError(option, 'must not hold credentials: the proxy signs an assertion');
  }
  if (hash !== '' || value.includes('#')) throw new ConfigError(option, 'must not have a fragment');
  return {
    origin,
    path: pathname + search,
    isExposed: protocol === 'http:' && !loopback.test(hostname),
  };
}
