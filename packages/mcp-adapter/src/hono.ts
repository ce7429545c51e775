import type { AuthInfo } from './auth-info.ts';
import { admitRequest, finishResponse, presentFetchRequest, toResponse } from './fetch-http.ts';
import { type HeaderLists, hideFields } from './hidden-fields.ts';
import { assertGate, assertHandler } from './host-checks.ts';
import type { McpGate } from './mcp-gate.ts';

/** What the gate needs of Hono's context. */
export interface HonoContext {
  readonly req: { raw: Request };
  /** On Node.js, the request of `node:http` is in here as well. */
  readonly env?: unknown;
  set(name: 'auth' | 'parsedBody', value: never): void;
  get res(): Response;
  set res(response: Response | undefined);
}

/** What the context has behind the gate: `new Hono<{ Variables: HonoGateVariables }>()`. */
export interface HonoGateVariables {
  auth: AuthInfo;
  /** The parsed body of a POST: what was authorized. */
  parsedBody: unknown;
}

/**
 * Middleware for Hono. What comes after it has `auth` and `parsedBody`, and a `req.raw` without an
 * `Authorization` header and without the body, which was read.
 *
 * Put it before everything that reads a body. It answers the metadata address itself, so mount it for
 * the whole application, or also at `gate.metadataPath`.
 *
 * @param clientAddress Whom failures are counted against, as `getConnInfo(context)` of Hono's adapter
 *   for the runtime tells. One that clients can make up switches the limit off. Behind proxies,
 *   `clientAddress` finds it.
 *
 * @example
 * ```ts
 * app.use(honoGate(gate, (context: Context) => getConnInfo(context).remote.address ?? 'unknown'));
 * app.all('/mcp', (context) => {
 *   const { auth: authInfo, parsedBody } = context.var;
 *   return handler.fetch(context.req.raw, { authInfo, parsedBody });
 * });
 * ```
 */
export function honoGate<Context extends HonoContext>(
  gate: McpGate,
  clientAddress: (context: Context) => string,
): (context: Context, next: () => Promise<void>) => Promise<Response | undefined> {
  assertGate(gate);
  assertHandler('clientAddress', clientAddress);
  return async (context, next) => {
    const request = context.req.raw;
    const decision = await gate.handle(presentFetchRequest(request, clientAddress(context)));
    if (!decision.pass) return toResponse(decision.answer);
    context.req.raw = admitRequest(request, decision);
    const incoming = incomingOf(context.env);
    if (incoming !== undefined) hideFields(incoming, decision.hiddenFields);
    context.set('auth', decision.authInfo as never);
    context.set('parsedBody', decision.body as never);
    await next();
    const response = finishResponse(context.res, decision);
    // Without this, Hono would put the headers of the old answer over those of the new one.
    context.res = undefined;
    context.res = response;
    return undefined;
  };
}

function incomingOf(env: unknown): HeaderLists | undefined {
  const { incoming } = (env ?? {}) as { incoming?: Partial<HeaderLists> };
  return Array.isArray(incoming?.rawHeaders) ? (incoming as HeaderLists) : undefined;
}
