import type { IncomingMessage, ServerResponse } from 'node:http';
import { delayContinue } from '../body/expect-continue.ts';
import { type HostOptions, readTrustedProxyHops } from '../client-address/client-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { handlerFailed } from '../gate/transport-answers.ts';
import { assertGate, assertHandler } from './host-checks.ts';
import {
  admit,
  type GatedRequest,
  type HostRequest,
  presentRequest,
  writeAnswer,
} from './node-http.ts';
import { isAdmitted, rememberAdmission } from './second-pass.ts';

/**
 * What stands behind the gate: `toNodeHandler(handler)` of `@modelcontextprotocol/node`, or a
 * function that calls `transport.handleRequest(request, response, body)`.
 */
export type GatedHandler = (
  request: GatedRequest,
  response: ServerResponse,
  body: unknown,
) => void | Promise<void>;

/**
 * Wraps a `node:http` handler. Nothing reaches it without a valid token and the scopes of its
 * operation; it gets `request.auth` and the parsed body, and no `Authorization` header.
 *
 * A handler that throws before it answered is answered with 503; the gate's `onEvent` receives `handler_failed`.
 *
 * @example
 * ```ts
 * createServer(nodeGate(gate, toNodeHandler(createMcpHandler(createNotesServer)))).listen(8000);
 * ```
 *
 * @throws {ConfigError} When `trustedProxyHops` is not a whole number from 0 to 50.
 */
export function nodeGate(
  gate: McpGate,
  handler: GatedHandler,
  options: HostOptions = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  assertGate(gate);
  delayContinue();
  assertHandler('handler', handler);
  const hops = readTrustedProxyHops(options);
  return async (request, response) => {
    let admitted = false;
    let signal: AbortSignal | undefined;
    try {
      if (isAdmitted(request, gate)) {
        admitted = true;
        return await handler(request as GatedRequest, response, (request as HostRequest).body);
      }
      const presented = presentRequest(request, response, hops);
      ({ signal } = presented);
      const decision = await gate.handle(presented);
      if (!decision.pass) return writeAnswer(request, response, decision.answer);
      const gated = admit(gate, request, response, decision);
      if (gated === undefined) return;
      admitted = true;
      rememberAdmission(gated, gate);
      await handler(gated, response, decision.body);
    } catch (error) {
      // A client that disconnects makes its handler fail. The handler is not at fault.
      if (signal?.aborted) return;
      if (admitted) gate.report.handlerFailed(error);
      if (response.headersSent) response.destroy();
      else writeAnswer(request, response, handlerFailed());
    }
  };
}
