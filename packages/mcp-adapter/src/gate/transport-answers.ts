/** Answers of the transport. Those about tokens come from core, which alone decides them. */

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

/** Public, cacheable, and readable by every page: it holds nothing that is not meant for all. */
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
 * For an address below `/.well-known/` where nothing is. Never 401: a client that looks for metadata
 * would sign in there, and look again. A page may read it, and need not ask first.
 */
export function notFound(method: string, isPreflight: boolean): GateAnswer {
  if (isPreflight) return serveMetadata(method, '');
  return json(404, { error_description: 'There is no such document' }, readableByAll);
}

/** For pages of other origins, and names that lead here by deceit: they get no challenge. */
export function forbidden(field: 'Host' | 'Origin'): GateAnswer {
  return json(403, { error_description: `${field} not allowed` });
}

/** What is wrong with a request that cannot be handed on. */
export type RequestFault =
  | 'address'
  | 'token_in_target'
  | 'method'
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
  /** Of JSON-RPC or MCP. */
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
  // What the SDKs say of a session that they do not know: others' sessions are not to be told apart.
  session_unknown: { status: 404, code: -32_001, message: 'Session not found' },
  streams_exhausted: {
    status: 429,
    code: -32_000,
    message: 'Too many open streams of this caller',
    headers: { 'Retry-After': '10' },
  },
};

/**
 * For a request that the server behind the gate could not read, or would break over.
 *
 * @param body Where it could be read: the answer then names the request that it is to.
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

/** What the answer is to: its own name for the request, where it has one and it is no abuse. */
function requestId(body: unknown): string | number | null {
  const id = member(body, 'id');
  if (typeof id === 'string' && id.length <= longestId) return id;
  return Number.isSafeInteger(id) ? (id as number) : null;
}

/** For a handler that failed before it answered. Never 500: the client may simply try again. */
export function handlerFailed(headers: Readonly<Record<string, string>> = {}): GateAnswer {
  return json(
    503,
    { error: 'temporarily_unavailable', error_description: 'The server could not answer' },
    { 'Retry-After': '5', ...headers },
  );
}

/** For a client that closed its connection. It is not sent; hosts that log the status see no outage. */
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
