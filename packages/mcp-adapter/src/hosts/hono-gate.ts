import type { IncomingMessage, ServerResponse } from 'node:http';
import { delayContinue, sendContinue } from '../body/expect-continue.ts';
import { takeParsedBody } from '../body/json-body.ts';
import { outlastUpload } from '../body/refused-upload.ts';
import type { AuthInfo } from '../caller/auth-info.ts';
import { readGivenAddress } from '../client-address/given-address.ts';
import type { GateRequest, JsonBody } from '../gate/gate-request.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { hideFields } from '../headers/hidden-fields.ts';
import { presentSession, replaceSession } from '../sessions/session-field.ts';
import { endWithLease } from '../streams/stream-end.ts';
import { admitRequest, finishResponse, presentFetchRequest, toResponse } from './fetch-http.ts';
import { assertGate, assertHandler } from './host-checks.ts';
import { isAdmitted, rememberAdmission } from './second-pass.ts';

/** What the gate needs of Hono's context. */
export interface HonoContext {
  readonly req: {
    raw: Request;
    /** Hono's cache of the body, in each form that was requested. */
    bodyCache?: object;
    json?(): Promise<unknown>;
  };
  /** On Node.js, the request of `node:http` is in here as well. */
  readonly env?: unknown;
  /** What a handler threw. */
  readonly error?: unknown;
  set(name: 'auth' | 'parsedBody', value: never): void;
  get res(): Response;
  set res(response: Response | undefined);
}

/** What the context has behind the gate: `new Hono<{ Variables: HonoGateVariables }>()`. */
export interface HonoGateVariables {
  /** For an anonymous caller, which only a gate with an anonymous list admits, it is `undefined` at run time. */
  auth: AuthInfo;
  /** The parsed body of a POST: what was authorized. */
  parsedBody: unknown;
}

/**
 * Middleware for Hono. What comes after it has `auth` and `parsedBody`, and a `req.raw` without an
 * `Authorization` header and without the body, which was read: `context.req.json()` gives what the
 * gate judged.
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
  delayContinue();
  assertHandler('clientAddress', clientAddress);
  return async (context, next) => {
    const request = context.req.raw;
    if (isAdmitted(request, gate)) {
      await next();
      return undefined;
    }
    const { incoming, outgoing } = nodeObjectsOf(context.env);
    const socketAddress = incoming?.socket?.remoteAddress;
    const address = readGivenAddress(() => clientAddress(context), gate.report, socketAddress);
    const presented = presentFetchRequest(request, address, gate.resource);
    const readJson: GateRequest['readJson'] = async (maximumBytes, options) => {
      if (request.bodyUsed) return readCached(context.req);
      if (Number(request.headers.get('Content-Length') ?? 0) > maximumBytes) {
        return { ok: false, fault: 'body_too_large' };
      }
      if (incoming !== undefined && outgoing !== undefined) sendContinue(incoming, outgoing);
      return presented.readJson(maximumBytes, options);
    };
    const decision = await gate.handle({ ...presented, readJson });
    if (!decision.pass) {
      if (incoming !== undefined && outgoing !== undefined) outlastUpload(incoming, outgoing);
      return toResponse(decision.answer);
    }
    context.req.raw = admitRequest(request, decision, gate.resource);
    rememberAdmission(context.req.raw, gate);
    context.req.bodyCache = cacheOf(decision.body);
    if (incoming !== undefined) {
      const { headersDistinct } = incoming;
      hideFields(incoming, decision, headersDistinct);
      presentSession(incoming, decision.sessionId, headersDistinct);
    }
    const { lease, ...answering } = decision;
    if (outgoing !== undefined) {
      replaceSession(outgoing, decision.proveSession);
      // A handler may write its stream there, and return a response without a body.
      if (lease !== undefined) endWithLease(outgoing, lease);
    }
    context.set('auth', decision.authInfo as never);
    context.set('parsedBody', decision.body as never);
    try {
      await next();
    } catch (error) {
      lease?.release();
      throw error;
    }
    if (context.error !== undefined && !presented.signal.aborted) {
      gate.report.handlerFailed(context.error);
    }
    const response = finishResponse(context.res, outgoing === undefined ? decision : answering);
    // Without this, Hono would put the headers of the old answer over those of the new one.
    context.res = undefined;
    context.res = response;
    return undefined;
  };
}

/** Middleware in front of the gate has read the body: Hono hands out the same bytes to everybody. */
async function readCached(request: HonoContext['req']): Promise<JsonBody> {
  try {
    const contentType = request.raw.headers.get('Content-Type') ?? undefined;
    return takeParsedBody(await request.json?.(), contentType);
  } catch {
    return { ok: false, fault: 'body_consumed' };
  }
}

/** The source of `context.req.json()` and `text()` behind the gate: the checked body, serialised again. */
function cacheOf(body: unknown): object {
  if (body === undefined) return {};
  return {
    get text() {
      return Promise.resolve(JSON.stringify(body));
    },
  };
}

interface NodeObjects {
  readonly incoming?: IncomingMessage | undefined;
  readonly outgoing?: ServerResponse | undefined;
}

/** On Node.js, handlers can read and write the request and response of `node:http` themselves. */
function nodeObjectsOf(env: unknown): NodeObjects {
  const { incoming, outgoing } = (env ?? {}) as NodeObjects;
  return {
    incoming: Array.isArray(incoming?.rawHeaders) ? incoming : undefined,
    outgoing: typeof outgoing?.writeHead === 'function' ? outgoing : undefined,
  };
}
