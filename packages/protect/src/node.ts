import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import { presentNodeRequest } from './hosts/node-request.ts';
import { assertOpenHandler, openHandlerCheck } from './hosts/open-handler.ts';
import { type HostSettings, openProtection, type Protection } from './protection.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

export type { GatedHandler, GatedRequest } from '@sallyport/mcp-adapter/node';

/** Settings of `protect` for `node:http`. */
export type NodeSettings = ProtectSettings & HostSettings & OpenHandlerSettings;

/** The setting for requests to open paths. */
interface OpenHandlerSettings {
  /** Answers requests for `openPaths`. Required with them: the MCP handler gets no request without a token. */
  readonly openHandler?: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => void | Promise<void>;
}

/** A listener for `createServer` of `node:http`, `node:https` and `node:http2`. */
export type ProtectedListener = ((
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>) &
  Protection;

/**
 * Puts the gate in front of a `node:http` handler. Nothing reaches the handler without a valid token and the
 * scopes of its operation.
 *
 * @example
 * ```ts
 * createServer(await protect({ resource, issuer, tools }, toNodeHandler(mcpHandler))).listen(8000);
 * ```
 * @param handler What stands behind the gate: `toNodeHandler(…)` of `@modelcontextprotocol/node`, or a function
 *   of the request, the response and the parsed body.
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function protect(
  settings: NodeSettings | Promise<NodeSettings>,
  handler: GatedHandler,
): Promise<ProtectedListener> {
  return openProtection<OpenHandlerSettings, ProtectedListener>(settings, {
    checks: { openHandler: openHandlerCheck },
    assertFits: assertOpenHandler,

    mount({ composed: { gate }, trustedProxyHops, isOpen, own, protection }) {
      const { openHandler } = own;
      const gated = named(() => nodeGate(gate, handler, { trustedProxyHops }));
      const listener = async (
        request: IncomingMessage,
        response: ServerResponse,
      ): Promise<void> => {
        if (openHandler === undefined || !isOpen(presentNodeRequest(request))) {
          return gated(request, response);
        }
        try {
          await openHandler(request, response);
        } catch (error) {
          gate.report.handlerFailed(error);
          if (response.headersSent) response.destroy();
          else response.writeHead(503, { 'Retry-After': '5', 'Cache-Control': 'no-store' }).end();
        }
      };
      return Object.assign(listener, protection);
    },
  });
}
