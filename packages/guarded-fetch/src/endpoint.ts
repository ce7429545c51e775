import { isIP } from 'node:net';
import { ConfigError } from '@sallyport/core';
import { type AddressPolicy, judgeAddress } from './addresses/address.ts';
import { isMetadataName } from './addresses/metadata-service.ts';

const localhost = /^(.*\.)?localhost\.?$/;

/**
 * Checks a URL from configuration before anything is sent to it.
 *
 * Names are not resolved here: that is done, and judged, at every connection.
 *
 * @param option What to name in the error, for example `jwt.keys.url`.
 * @throws {ConfigError} When it is not https (http only on loopback, where that is allowed), or
 *   has credentials, a fragment, white space, or an address that must not be connected to. The
 *   message repeats nothing of the URL, which may hold a secret.
 */
export function parseEndpoint(option: string, value: string, policy: AddressPolicy): URL {
  if (typeof value !== 'string' || /\s/.test(value) || !URL.canParse(value)) {
    throw new ConfigError(option, 'must be an absolute URL without white space');
  }
  const url = new URL(value);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = localhost.test(host) || judgeAddress(host, publicOnly) === ofThisMachine;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal && policy.allowLoopback)) {
    throw new ConfigError(
      option,
      'must be an https URL. With ENVIRONMENT=development, http is allowed on loopback',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(option, 'must not contain credentials');
  }
  if (url.hash !== '' || value.includes('#')) {
    throw new ConfigError(option, 'must not have a fragment');
  }
  // Here, because a proxy would resolve the name without asking us.
  if (isMetadataName(host)) throw new ConfigError(option, 'leads to a metadata service of a cloud');
  // Sockets do not look an address up, so the guarded lookup never sees it.
  const reason = isIP(host) === 0 ? undefined : judgeAddress(host, policy);
  if (reason !== undefined) throw new ConfigError(option, `leads to ${reason}`);
  return url;
}

const publicOnly: AddressPolicy = { allowLoopback: false, allowPrivateNetwork: false };
const ofThisMachine: string | undefined = judgeAddress('127.0.0.1', publicOnly);
