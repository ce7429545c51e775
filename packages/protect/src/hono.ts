import { type Checks, check } from '@sallyport/core';
import { type HonoContext, honoGate } from '@sallyport/mcp-adapter/hono';
import { behindProxies, readConnectionAddress } from './hosts/connection-address.ts';
import { presentFetchRequest } from './hosts/fetch-request.ts';
import { isOfOtherGate, mark } from './hosts/overlap.ts';
import {
  type HostParts,
  type HostSettings,
  openProtection,
  type Protection,
} from './protection.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

export type { HonoGateVariables } from '@sallyport/mcp-adapter/hono';

/** Hono's context, as far as `protect` knows it (Hono 4). */
export interface ProtectedContext extends HonoContext {
  readonly req: HonoContext['req'] & {
    /** The path of the running handler, as it was registered. */
    readonly routePath?: string;
    /** All handlers that this request runs through. */
    readonly matchedRoutes?: readonly { readonly handler: unknown }[];
  };
}

/** Settings of `protect` for Hono. */
export type HonoSettings<Context> = ProtectSettings & HostSettings & HonoOwnSettings<Context>;

/** The settings that only this host has. */
interface HonoOwnSettings<Context> {
  /**
   * Finds the address of the connection, which failures are counted against. It must not read what clients can
   * send. Default: what Node.js, Workers, Deno and Bun tell. Elsewhere all clients are counted together, and
   * `client_address_invalid` is reported.
   */
  readonly clientAddress?: (context: Context) => string;
}

/** Middleware for Hono. */
export type ProtectedMiddleware<Context> = ((
  context: Context,
  next: () => Promise<void>,
) => Promise<Response | undefined>) &
  Protection;

/**
 * Middleware for Hono. What comes after it has `auth` and `parsedBody` among its variables, and a `req.raw`
 * without an `Authorization` header.
 *
 * Use it for the whole application. Mounted below a path, it is mounted at `metadataPath` too; otherwise it
 * reports `metadata_unreachable` at the first request.
 *
 * @example
 * ```ts
 * app.use(await protect({ resource, issuer, tools }));
 * app.all('/mcp', ({ req, var: { auth: authInfo, parsedBody } }) =>
 *   handler.fetch(req.raw, { authInfo, parsedBody }),
 * );
 * ```
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function protect<Context extends ProtectedContext>(
  settings: HonoSettings<Context> | Promise<HonoSettings<Context>>,
): Promise<ProtectedMiddleware<Context>> {
  const ownChecks: Checks<HonoOwnSettings<Context>> = {
    clientAddress: check.optional(check.callback),
  };
  return openProtection<HonoOwnSettings<Context>, ProtectedMiddleware<Context>>(settings, {
    checks: ownChecks,
    mount,
  });
}

function mount<Context extends ProtectedContext>(
  parts: HostParts<HonoOwnSettings<Context>>,
): ProtectedMiddleware<Context> {
  const { composed, trustedProxyHops, isOpen, own, protection } = parts;
  const { clientAddress = findAddress } = own;
  const { gate } = composed;
  const gated = named(() =>
    honoGate<Context>(
      gate,
      (context) =>
        behindProxies(context.req.raw, clientAddress(context), trustedProxyHops) as string,
    ),
  );
  let isFirst = true;
  // Whoever mounts it at the path of the metadata, too, has read which one that is.
  let knowsMetadataPath = false;

  function checkMount({ req: { routePath = '*', matchedRoutes = [] } }: Context): void {
    if (matchedRoutes.some(({ handler }) => isOfOtherGate(handler, gate))) {
      gate.report.once('gates_overlap');
    }
    const isForAll = routePath === '*' || routePath === '/*';
    if (!isForAll && !knowsMetadataPath) gate.report.once('metadata_unreachable');
  }

  const middleware: typeof gated = async (context, next) => {
    if (isFirst) {
      isFirst = false;
      checkMount(context);
    }
    if (!isOpen(presentFetchRequest(context.req.raw))) return gated(context, next);
    await next();
    return undefined;
  };
  const { metadataPath, ...others } = protection;
  return Object.defineProperty(mark(Object.assign(middleware, others), gate), 'metadataPath', {
    enumerable: true,
    get() {
      knowsMetadataPath = true;
      return metadataPath;
    },
  }) as ProtectedMiddleware<Context>;
}

interface Bindings {
  /** Node.js. */
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  /** Bun, where the application was started with it. */
  readonly server?: unknown;
}

/** The runtime's part of the bindings. What clients send is never among them. */
function findAddress({ env, req }: ProtectedContext): string {
  const { incoming, server = env } = (env ?? {}) as Bindings;
  const address = incoming?.socket?.remoteAddress ?? readConnectionAddress(req.raw, [server]);
  return address as string;
}
