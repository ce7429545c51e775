import type { AuthInfo } from '../caller/auth-info.ts';
import { readGivenAddress } from '../client-address/given-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { clientLeft, handlerFailed } from '../gate/transport-answers.ts';
import type { StreamLease } from '../streams/stream-lease.ts';
import { admitRequest, finishResponse, presentFetchRequest, toResponse } from './fetch-http.ts';
import { assertGate, assertHandler } from './host-checks.ts';

/** What the handler gets with an admitted request. */
export interface Admission {
  /** Absent if the caller is anonymous. */
  readonly authInfo?: AuthInfo;
  /** The parsed body of a POST: what was authorized. */
  readonly parsedBody: unknown;
}

/** What stands behind the gate: `createMcpHandler(…).fetch` of `@modelcontextprotocol/server` fits. */
export type FetchHandler = (request: Request, admission: Admission) => Response | Promise<Response>;

/**
 * Wraps a handler of the Fetch API, for Workers, Deno, Bun and everything that is like them. Nothing
 * reaches it without a valid token and the scopes of its operation; its request has no `Authorization`
 * header and no body, which was read.
 *
 * A handler that throws is answered with 503; the gate's `onEvent` receives `handler_failed`.
 *
 * @returns A function of the request and of the client's address, which only the host knows:
 *   `CF-Connecting-IP`, `info.remoteAddr.hostname`, `server.requestIP(request).address`. Failures are
 *   counted against it, or against the /64 of an IPv6 one: one that clients can make up switches the
 *   limit off. Behind proxies, `clientAddress` finds it.
 *
 * @example
 * ```ts
 * const gated = fetchGate(gate, createMcpHandler(createNotesServer).fetch);
 * Deno.serve((request, { remoteAddr }) => gated(request, remoteAddr.hostname));
 * ```
 */
export function fetchGate(
  gate: McpGate,
  handler: FetchHandler,
): (request: Request, clientAddress: string) => Promise<Response> {
  assertGate(gate);
  assertHandler('handler', handler);
  return async (request, clientAddress) => {
    // With these, a page can read even that the handler failed.
    let headers: Readonly<Record<string, string>> = {};
    let admitted = false;
    let lease: StreamLease | undefined;
    try {
      const address = readGivenAddress(() => clientAddress, gate.report);
      const decision = await gate.handle(presentFetchRequest(request, address, gate.resource));
      if (!decision.pass) return toResponse(decision.answer);
      ({ headers, lease } = decision);
      admitted = true;
      const { authInfo, body: parsedBody } = decision;
      const response = await handler(admitRequest(request, decision, gate.resource), {
        ...(authInfo && { authInfo }),
        parsedBody,
      });
      return finishResponse(response, decision);
    } catch (error) {
      lease?.release();
      // A client that disconnects makes its handler fail. The handler is not at fault.
      if (request.signal.aborted) return toResponse(clientLeft());
      if (admitted) gate.report.handlerFailed(error);
      return toResponse(handlerFailed(headers));
    }
  };
}
