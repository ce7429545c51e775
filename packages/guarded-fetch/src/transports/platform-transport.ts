import { ConfigError, isAuthError } from '@sallyport/core';
import { listCauses, unavailable } from '../unavailable.ts';
import type { Transport, TransportOptions, TransportResponse } from './transport.ts';

/**
 * Sends requests with the platform's own `fetch`, where there is no undici. The platform resolves names, so
 * the addresses behind them are not checked.
 *
 * @throws {ConfigError} When an option needs undici.
 */
export function openPlatformTransport({ option, proxyUrl, resolve }: TransportOptions): Transport {
  for (const [name, value] of Object.entries({ proxyUrl, resolve })) {
    if (value === undefined) continue;
    throw new ConfigError(
      `${option}.${name}`,
      'needs Node.js: the fetch of this runtime takes neither a proxy nor a resolver. Leave it out',
    );
  }
  return {
    // Read at each call, and called without a receiver: both matter to Workers.
    send: async (url, request) =>
      (await fetch(url, { ...request, redirect: 'manual' })) as TransportResponse,
    // What platforms say differs, and may quote the answer.
    explain(error) {
      const own = [...listCauses(error)].find(isAuthError);
      return own ?? unavailable('no connection', error);
    },

    async close() {},
  };
}
