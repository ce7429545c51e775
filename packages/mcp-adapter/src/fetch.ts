import { readTraceContext } from '@sallyport/core';
import { type GateAnswer, handlerFailed } from './answers.ts';
import type { AuthInfo } from './auth-info.ts';
import { networkOf } from './ip-address.ts';
import type { GateRequest, JsonBody, McpGate } from './mcp-gate.ts';

/** What a request brings along once it has passed. */
export interface Admission {
  readonly authInfo: AuthInfo;
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
 * A handler that throws is answered with 503; its error is not reported here.
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
  return async (request, clientAddress) => {
    try {
      const decision = await gate.handle(presentFetchRequest(request, clientAddress));
      if (!decision.pass) return toResponse(decision.answer);
      const { authInfo, body: parsedBody, headers } = decision;
      const response = await handler(withoutToken(request), { authInfo, parsedBody });
      return withHeaders(response, headers);
    } catch {
      return toResponse(handlerFailed());
    }
  };
}

/** A request, as the gate wants it. */
export function presentFetchRequest(request: Request, clientAddress: string): GateRequest {
  const { method, headers, signal } = request;
  const { host, pathname, search } = new URL(request.url);
  // Several fields are one here, joined by commas: no token has one in it.
  const authorization = headers.get('Authorization');
  return {
    method,
    target: pathname + search,
    host: headers.get('Host') ?? host,
    authorization: authorization === null ? [] : [authorization],
    origin: headers.get('Origin') ?? undefined,
    // What is no address is the host's own name for somebody.
    clientAddress: networkOf(clientAddress) ?? clientAddress,
    trace: readTraceContext({
      traceparent: headers.get('traceparent') ?? undefined,
      cloudTraceContext: headers.get('x-cloud-trace-context') ?? undefined,
    }),
    signal,
    readJson: (maximumBytes) => readJson(request, maximumBytes),
  };
}

/** The same request for what is behind the gate. */
export function withoutToken({ url, method, headers, signal }: Request): Request {
  const others = new Headers(headers);
  others.delete('Authorization');
  return new Request(url, { method, headers: others, signal });
}

/** An answer of the gate. */
export function toResponse({ status, headers, body }: GateAnswer): Response {
  return new Response(body ?? null, { status, headers });
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const added = Object.entries(headers);
  if (added.length === 0) return response;
  // Those of a response that was fetched cannot be changed.
  const own = new Response(response.body, response);
  for (const [name, value] of added) own.headers.set(name, value);
  return own;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

async function readJson(request: Request, maximumBytes: number): Promise<JsonBody> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maximumBytes) {
    return { ok: false, fault: 'body_too_large' };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maximumBytes) return { ok: false, fault: 'body_too_large' };
    chunks.push(chunk);
  }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(join(chunks, length))) };
  } catch {
    return { ok: false, fault: 'body_not_json' };
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
