/**
 * Every answer of the gate that is not about a token: metadata, preflights, 400, 403, 404, 405, 413, 415, 429 for too
 * many streams, and 503 for a handler that failed. The table of answers about tokens is in `guard/answers.ts` of
 * `@sallyport/core`.
 */

import type { BoundsFault } from '../body/json-bounds.ts';
import { member } from '../body/json-member.ts';
import type { MessageFault } from '../body/json-rpc-message.ts';
import { methods, preflightHeaders } from '../headers/cross-origin.ts';

/** An answer that the host writes as it is. */
export interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or `undefined` for none. */
  readonly body: string | undefined;
}

const readableByAll = { 'Access-Control-Allow-Origin': '*' };

/** Serves a public document. Every page may read it, and caches may keep it for one hour. */
export function serveMetadata(method: string, metadata: string): GateAnswer {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return {
        status: 200,
        headers: {
          ...readableByAll,
          'Cache-Control': 'public, max-age=3600',
          'Content-Type': 'application/json',
        },
        body: method === 'GET' ? metadata : undefined,
      };
    case 'OPTIONS':
      return { status: 204, headers: { ...readableByAll, ...preflightHeaders() }, body: undefined };
    default:
      return { status: 405, headers: { Allow: 'GET, HEAD, OPTIONS' }, body: undefined };
  }
}

/**
 * For an address below `/.well-known/` without a document. It is never 401: a client that searches for metadata
 * would sign in, and search again. Every page may read the answer.
 */
export function notFound(method: string, isPreflight: boolean): GateAnswer {
  if (isPreflight) return serveMetadata(method, '');
  return json(404, { error_description: 'There is no such document' }, readableByAll);
}

/** Answers the preflight of a page whose origin is allowed. `headers` let the page read the answer. */
export function allowPreflight(headers: Readonly<Record<string, string>>): GateAnswer {
  return { status: 204, headers, body: undefined };
}

/** For pages of other origins and for other host names (DNS rebinding). The answer has no challenge. */
export function forbidden(field: 'Host' | 'Origin'): GateAnswer {
  return json(403, { error_description: `${field} not allowed` });
}

/** Why a request does not reach the handler. */
export type RequestFault =
  | 'address'
  | 'token_in_target'
  | 'method'
  | 'content_type'
  | 'body_too_large'
  | 'body_not_json'
  | 'body_consumed'
  | 'body_unexpected'
  | 'body_is_batch'
  | BoundsFault
  | MessageFault
  | 'headers_differ'
  | 'session_unknown'
  | 'streams_exhausted';

interface FaultAnswer {
  readonly status: number;
  /** The error code of JSON-RPC or MCP. */
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const faults: Readonly<Record<RequestFault, FaultAnswer>> = {
  address: { status: 400, code: -32_600, message: 'Malformed Host or request target' },
  token_in_target: { status: 400, code: -32_600, message: 'The request target holds the token' },
  method: {
    status: 405,
    code: -32_600,
    message: 'Method not allowed',
    headers: { Allow: methods },
  },
  content_type: { status: 415, code: -32_600, message: 'Content-Type must be application/json' },
  body_too_large: { status: 413, code: -32_600, message: 'Request body too large' },
  body_not_json: { status: 400, code: -32_700, message: 'Parse error' },
  body_consumed: { status: 400, code: -32_600, message: 'The server could not read the body' },
  body_unexpected: { status: 400, code: -32_600, message: 'Only a POST may have a body' },
  body_not_message: { status: 400, code: -32_600, message: 'Not a JSON-RPC 2.0 message' },
  body_too_deep: { status: 400, code: -32_600, message: 'Request body nested too deeply' },
  body_too_complex: { status: 400, code: -32_600, message: 'Request body has too many values' },
  batch_too_long: { status: 400, code: -32_600, message: 'Too many messages in one batch' },
  too_many_uris: { status: 400, code: -32_600, message: 'Too many resource URIs in one request' },
  body_is_batch: { status: 400, code: -32_600, message: 'This revision has no batches' },
  // HeaderMismatch of MCP 2026-07-28.
  headers_differ: { status: 400, code: -32_020, message: 'Mcp-* headers and body differ' },
  // The text of the SDKs for an unknown session, so that a client cannot detect the sessions of others.
  session_unknown: { status: 404, code: -32_001, message: 'Session not found' },
  streams_exhausted: {
    status: 429,
    code: -32_000,
    message: 'Too many open streams of this caller',
    headers: { 'Retry-After': '10' },
  },
};

/**
 * Refuses a request with a JSON-RPC error.
 *
 * @param body The parsed body, if there is one. The answer then has the `id` of its request.
 */
export function faultyRequest(
  fault: RequestFault,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): GateAnswer {
  const { status, code, message, headers: own } = faults[fault];
  const id = requestId(body);
  return json(status, { jsonrpc: '2.0', error: { code, message }, id }, { ...headers, ...own });
}

const longestId = 256;

/** The `id` for the answer. `null` if the body has no usable one. */
function requestId(body: unknown): string | number | null {
  const id = member(body, 'id');
  if (typeof id === 'string' && id.length <= longestId) return id;
  return Number.isSafeInteger(id) ? (id as number) : null;
}

/** For a handler that failed before it answered. It is 503 and never 500: the client may retry. */
export function handlerFailed(headers: Readonly<Record<string, string>> = {}): GateAnswer {
  return json(
    503,
    { error: 'temporarily_unavailable', error_description: 'The server could not answer' },
    { 'Retry-After': '5', ...headers },
  );
}

/** For a client that closed its connection. It is not sent. Hosts that log the status do not count an outage. */
export function clientLeft(): GateAnswer {
  return json(499, { error_description: 'The client closed its connection' });
}

function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return {
    status,
    headers: { 'Cache-Control': 'no-store', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
