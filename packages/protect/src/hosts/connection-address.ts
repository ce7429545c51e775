/** The address of the connection, from what each runtime hands to a fetch handler besides the request. */
import { clientAddress } from '@sallyport/mcp-adapter';
import { type Runtime, readRuntime } from '../runtime.ts';

/** What a runtime passes after the request: `info` in Deno, `server` in Bun, `env` and `ctx` in Workers. */
export type PlatformArguments = readonly unknown[];

interface DenoInfo {
  readonly remoteAddr?: { readonly hostname?: string };
}

interface BunServer {
  requestIP?(request: Request): { readonly address: string } | null;
}

/**
 * The address at the other end of the connection; `undefined` where the runtime does not tell it.
 *
 * Workers tell it in `CF-Connecting-IP`, which their network sets on every request, whatever the client sent.
 * Nowhere else is a header believed.
 */
export function readConnectionAddress(
  request: Request,
  [first]: PlatformArguments,
  runtime: Runtime = readRuntime(),
): string | undefined {
  switch (runtime) {
    case 'workers':
      return request.headers.get('CF-Connecting-IP') ?? undefined;
    case 'deno':
      return (first as DenoInfo | undefined)?.remoteAddr?.hostname;
    case 'bun':
      return (first as BunServer | undefined)?.requestIP?.(request)?.address;
    case 'other':
      return undefined;
  }
}

/** The client's address, where proxies of yours are in front. */
export function behindProxies(
  { headers }: Request,
  socketAddress: string | undefined,
  trustedProxyHops: number,
): string | undefined {
  if (trustedProxyHops === 0) return socketAddress;
  const all = (name: string) => [headers.get(name) ?? []].flat();
  return clientAddress({
    socketAddress,
    forwardedFor: all('X-Forwarded-For'),
    forwarded: all('Forwarded'),
    trustedProxyHops,
  });
}
