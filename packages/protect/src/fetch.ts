import { type Checks, check } from '@sallyport/core';
import { type Admission, type FetchHandler, fetchGate } from '@sallyport/mcp-adapter/fetch';
import {
  behindProxies,
  type PlatformArguments,
  readConnectionAddress,
} from './hosts/connection-address.ts';
import { presentFetchRequest } from './hosts/fetch-request.ts';
import { assertOpenHandler, openHandlerCheck } from './hosts/open-handler.ts';
import {
  type HostParts,
  type HostSettings,
  openProtection,
  type Protection,
} from './protection.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

/** Settings of `protect` for the Fetch API. */
export type FetchSettings = ProtectSettings & HostSettings & FetchOwnSettings;

/** The settings that only this host has. */
interface FetchOwnSettings {
  /** Answers requests for `openPaths`. Required with them: the MCP handler gets no request without a token. */
  readonly openHandler?: (
    request: Request,
    ...platform: PlatformArguments
  ) => Response | Promise<Response>;
  /**
   * Finds the address of the connection, which failures are counted against. It must not read what clients can
   * send. Default: what Workers, Deno and Bun tell. Elsewhere all clients are counted together, and
   * `client_address_invalid` is reported.
   */
  readonly clientAddress?: (request: Request, ...platform: PlatformArguments) => string;
}

/** What stands behind the gate: `createMcpHandler(…).fetch` of `@modelcontextprotocol/server` fits. */
export type ProtectedHandler = (
  request: Request,
  admission: Admission,
  ...platform: PlatformArguments
) => Response | Promise<Response>;

/** A function of the Fetch API, for `Deno.serve`, `Bun.serve`, Workers and route handlers. */
export type ProtectedFetch = ((
  request: Request,
  ...platform: PlatformArguments
) => Promise<Response>) &
  Protection;

const ownChecks: Checks<FetchOwnSettings> = {
  openHandler: openHandlerCheck,
  clientAddress: check.optional(check.callback),
};

/**
 * Puts the gate in front of a handler of the Fetch API. Nothing reaches the handler without a valid token and the
 * scopes of its operation. What the platform passes after the request, such as `env`, the handler gets last.
 *
 * @example
 * ```ts
 * const fetch = await protect({ resource, issuer, tools }, createMcpHandler(createServer).fetch);
 * export default { fetch };
 * ```
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function protect(
  settings: FetchSettings | Promise<FetchSettings>,
  handler: ProtectedHandler,
): Promise<ProtectedFetch> {
  return openProtection<FetchOwnSettings, ProtectedFetch>(settings, {
    checks: ownChecks,
    assertFits: assertOpenHandler,
    mount: (parts) => mount(parts, handler),
  });
}

function mount(parts: HostParts<FetchOwnSettings>, handler: ProtectedHandler): ProtectedFetch {
  const { composed, trustedProxyHops, isOpen, own, protection } = parts;
  const { openHandler, clientAddress = findAddress } = own;
  const { gate } = composed;
  named(() => fetchGate(gate, handler as FetchHandler));

  const fetch = async (request: Request, ...platform: PlatformArguments): Promise<Response> => {
    if (openHandler !== undefined && isOpen(presentFetchRequest(request))) {
      return answerOpen(() => openHandler(request, ...platform));
    }
    const gated = fetchGate(gate, (admitted, admission) =>
      handler(admitted, admission, ...platform),
    );
    return gated(request, addressOf(request, platform) as string);
  };

  function addressOf(request: Request, platform: PlatformArguments): string | undefined {
    try {
      const socketAddress = clientAddress(request, ...platform);
      return behindProxies(request, socketAddress, trustedProxyHops);
    } catch {
      // The gate then counts all clients together, and reports it.
      return undefined;
    }
  }

  async function answerOpen(answer: () => Response | Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      gate.report.handlerFailed(error);
      const headers = { 'Retry-After': '5', 'Cache-Control': 'no-store' };
      return new Response(null, { status: 503, headers });
    }
  }

  return Object.assign(fetch, protection);
}

function findAddress(request: Request, ...platform: PlatformArguments): string {
  return readConnectionAddress(request, platform) as string;
}
