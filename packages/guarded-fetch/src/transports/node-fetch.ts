import {
  createGuardedFetchOver,
  type GuardedFetch,
  type GuardedFetchOptions,
} from '../guarded-fetch.ts';
import { openUndiciTransport } from './undici-transport.ts';

/**
 * Makes requests to one configured URL, protected against server-side request forgery: https only, no
 * redirect, every resolved address checked and connected to as checked, bounded in time and size, no proxy
 * from the environment.
 *
 * A connection whose request was given up is destroyed and never used again.
 *
 * Outside Node.js the platform's `fetch` sends the requests. Addresses behind names are then not checked, and
 * `proxyUrl` and `resolve` are refused.
 *
 * @throws {ConfigError} When the URL or a number is out of range.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  return createGuardedFetchOver(openUndiciTransport, options);
}
