import { Agent, fetch, ProxyAgent } from 'undici';
import { createGuardedLookup } from '../addresses/guarded-lookup.ts';
import { parseProxyUrl } from '../addresses/proxy-url.ts';
import { toRequestFailure } from '../request-failure.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** Sends requests with undici, whose sockets connect to the address that was checked. */
export function openUndiciTransport(options: TransportOptions): Transport {
  const { option, policy, timeoutMs, proxyUrl, resolve } = options;
  const connect = { lookup: createGuardedLookup(policy, resolve), timeout: timeoutMs };
  const dispatcher =
    proxyUrl === undefined
      ? new Agent({ connect })
      : new ProxyAgent({ uri: parseProxyUrl(`${option}.proxyUrl`, proxyUrl) });
  return {
    send: (url, { headers, ...request }) =>
      fetch(url, { ...request, headers: [...headers], dispatcher, redirect: 'manual' }),
    explain: toRequestFailure,
    close: () => dispatcher.destroy(),
  };
}
