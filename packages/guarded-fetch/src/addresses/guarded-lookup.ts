import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AuthError } from '@sallyport/core';
import { type AddressPolicy, judgeAddress } from './address.ts';

/** Resolves all addresses of a host name. Default: the operating system's resolver. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that judges every answer of the resolver. The socket connects to what was
 * judged, so a name that resolves differently a moment later (DNS rebinding) gains nothing. One
 * bad address among good ones refuses the name: a public service has none.
 */
export function createGuardedLookup(
  policy: AddressPolicy,
  resolve: Resolver = lookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined) return callback(refused('the name has no address'), '', 0);
      for (const { address } of addresses) {
        const reason = judgeAddress(address, policy);
        if (reason === undefined) continue;
        const mixed = addresses.length > 1 ? `, among ${addresses.length} addresses` : '';
        return callback(refused(`the name leads to ${reason}${mixed}`), '', 0);
      }
      // With `all`, the caller tries several; without, it wants one.
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function refused(detail: string): AuthError {
  return new AuthError('upstream_unavailable', { detail });
}
