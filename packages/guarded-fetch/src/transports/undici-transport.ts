import type { Dispatcher, fetch } from 'undici';
import { createGuardedLookup } from '../addresses/guarded-lookup.ts';
import { parseProxyUrl } from '../addresses/proxy-url.ts';
import { toRequestFailure } from '../request-failure.ts';
import type { Transport, TransportOptions } from './transport.ts';

interface Opened {
  readonly fetch: typeof fetch;
  readonly dispatcher: Dispatcher;
}

/**
 * Sends requests with undici, whose sockets connect to the address that was checked. undici is loaded by the first
 * request, because it takes a fifth of the start of a server that may never send one.
 */
export function openUndiciTransport(options: TransportOptions): Transport {
  const { option, policy, timeoutMs, proxyUrl, resolve } = options;
  const connect = { lookup: createGuardedLookup(policy, resolve), timeout: timeoutMs };
  const proxy = proxyUrl === undefined ? undefined : parseProxyUrl(`${option}.proxyUrl`, proxyUrl);
  let opening: Promise<Opened> | undefined;
  let isClosed = false;

  async function open(): Promise<Opened> {
    const { Agent, fetch, ProxyAgent } = await import('undici');
    const dispatcher =
      proxy === undefined ? new Agent({ connect }) : new ProxyAgent({ uri: proxy });
    if (isClosed) await dispatcher.destroy();
    return { fetch, dispatcher };
  }

  function load(): Promise<Opened> {
    opening ??= open();
    return opening;
  }

  return {
    load,

    async send(url, { headers, ...request }) {
      const { fetch, dispatcher } = await load();
      return fetch(url, { ...request, headers: [...headers], dispatcher, redirect: 'manual' });
    },
    explain: toRequestFailure,
    async close() {
      isClosed = true;
      await (await opening)?.dispatcher.destroy();
    },
  };
}
