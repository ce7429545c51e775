import type { IncomingMessage, ServerResponse } from 'node:http';
import { delayContinue } from '../body/expect-continue.ts';
import { type HostOptions, readTrustedProxyHops } from '../client-address/client-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { isMetadataReachable, type MountedRequest, markMiddleware } from './express-mount.ts';
import { assertGate } from './host-checks.ts';
import { admit, type HostRequest, presentRequest, writeAnswer } from './node-http.ts';
import { isAdmitted, rememberAdmission } from './second-pass.ts';

/** An Express request, as far as the gate knows it (Express 4 and 5). */
export type ExpressRequest = HostRequest & MountedRequest & { _body?: boolean };

/**
 * Express middleware. What comes after it has `request.auth`, the parsed `request.body`, and no
 * `Authorization` header.
 *
 * Put it before any body parser: a body must not be read for a stranger. It answers the metadata
 * address itself, so mount it for the whole application, or also at `gate.metadataPath`. Otherwise it reports
 * `metadata_unreachable`. A second mount of the same gate lets its request pass. The gate ignores `trust proxy`
 * of Express.
 *
 * @example
 * ```ts
 * app.use(expressGate(gate));
 * app.all('/mcp', (request, response) => transport.handleRequest(request, response, request.body));
 * ```
 *
 * @throws {ConfigError} When `trustedProxyHops` is not a whole number from 0 to 50.
 */
export function expressGate(
  gate: McpGate,
  options: HostOptions = {},
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  assertGate(gate);
  delayContinue();
  const hops = readTrustedProxyHops(options);

  async function decide(request: ExpressRequest, response: ServerResponse): Promise<boolean> {
    const decision = await gate.handle(presentRequest(request, response, hops));
    if (!decision.pass) {
      writeAnswer(request, response, decision.answer);
      return false;
    }
    if (admit(gate, request, response, decision) === undefined) return false;
    rememberAdmission(request, gate);
    // What body-parser 1 (Express 4) asks for: without it, a parser behind the gate fails.
    request._body = true;
    return true;
  }

  let isMountChecked = false;
  function checkMount(request: MountedRequest): void {
    if (isMountChecked) return;
    isMountChecked = true;
    if (!isMetadataReachable(request, gate)) gate.report.once('metadata_unreachable');
  }

  const middleware = (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void => {
    checkMount(request as MountedRequest);
    if (isAdmitted(request, gate)) {
      next();
      return;
    }
    decide(request, response).then((passed) => {
      if (!passed) return;
      // Express hands errors to its own handlers, so only their answer can be seen.
      response.once('finish', () => {
        if (response.statusCode >= 500) gate.report.handlerFailed(undefined);
      });
      next();
    }, next);
  };
  return markMiddleware(middleware, gate);
}
