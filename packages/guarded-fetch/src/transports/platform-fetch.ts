import {
  createGuardedFetchOver,
  type GuardedFetch,
  type GuardedFetchOptions,
} from '../guarded-fetch.ts';
import { openPlatformTransport } from './platform-transport.ts';

/**
 * The `createGuardedFetch` of runtimes without undici, such as Workers and Bun. It checks the configured URL,
 * follows no redirect, and bounds time and size. It cannot check the addresses behind names.
 *
 * @throws {ConfigError} When the URL or a number is out of range, or an option needs Node.js.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  return createGuardedFetchOver(openPlatformTransport, options);
}
