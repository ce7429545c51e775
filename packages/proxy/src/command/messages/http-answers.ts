/** What the command upstream answers over HTTP, besides what the child process says. */
import type { ServerResponse } from 'node:http';
import type { CallFailure } from './child-requests.ts';
import { errorCodes, type JsonObject, member } from './messages.ts';

/** Why a request has no answer of a child process. */
export type CommandFault =
  | CallFailure
  | 'anonymous'
  | 'backing_off'
  | 'caller_limit'
  | 'closing'
  | 'filter_missing'
  | 'header_mismatch'
  | 'initialize_in_batch'
  | 'initialize_not_request'
  | 'meta_invalid'
  | 'method_not_allowed'
  | 'method_unknown'
  | 'not_acceptable'
  | 'number_too_large'
  | 'process_limit'
  | 'session_missing'
  | 'session_unknown'
  | 'start_failed'
  | 'unknown_revision';

interface FaultAnswer {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const retry = (seconds: number) => ({ 'Retry-After': String(seconds) });
const { internal, invalidRequest } = errorCodes;

const faults: Readonly<Record<CommandFault, FaultAnswer>> = {
  anonymous: { status: 403, code: invalidRequest, message: 'This server needs a signed-in caller' },
  answer_too_large: {
    status: 503,
    code: internal,
    message: 'The answer is too large',
    headers: retry(60),
  },
  backing_off: {
    status: 503,
    code: internal,
    message: 'The server process fails repeatedly',
    headers: retry(5),
  },
  busy: { status: 503, code: internal, message: 'The server process is busy', headers: retry(1) },
  caller_limit: {
    status: 429,
    code: internal,
    message: 'Too many sessions of this caller',
    headers: retry(10),
  },
  closing: { status: 503, code: internal, message: 'The server is stopping', headers: retry(5) },
  ended: { status: 503, code: internal, message: 'The server process ended', headers: retry(1) },
  filter_missing: {
    status: 400,
    code: errorCodes.invalidParams,
    message: 'notifications is missing',
  },
  // HeaderMismatch of MCP 2026-07-28.
  header_mismatch: {
    status: 400,
    code: -32_020,
    message: 'MCP-Protocol-Version, Mcp-Method and Mcp-Name must repeat the body',
  },
  initialize_in_batch: {
    status: 400,
    code: invalidRequest,
    message: 'initialize must not be part of a batch',
  },
  initialize_not_request: { status: 400, code: invalidRequest, message: 'initialize needs an id' },
  meta_invalid: {
    status: 400,
    code: errorCodes.invalidParams,
    message:
      '_meta needs io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities',
  },
  method_not_allowed: {
    status: 405,
    code: invalidRequest,
    message: 'Method not allowed',
    headers: { Allow: 'POST' },
  },
  method_unknown: { status: 404, code: errorCodes.methodNotFound, message: 'Method not found' },
  not_acceptable: {
    status: 406,
    code: invalidRequest,
    message: 'Accept application/json or text/event-stream',
  },
  number_too_large: {
    status: 400,
    code: invalidRequest,
    message: 'A number has more digits than this server keeps',
  },
  process_limit: {
    status: 503,
    code: internal,
    message: 'Too many sessions are open',
    headers: retry(10),
  },
  session_missing: {
    status: 400,
    code: invalidRequest,
    message: 'Mcp-Session-Id is missing: send initialize first',
  },
  // What the SDKs say: clients start a new session when they read 404.
  session_unknown: { status: 404, code: -32_001, message: 'Session not found' },
  start_failed: {
    status: 503,
    code: internal,
    message: 'The server process could not start',
    headers: retry(5),
  },
  timed_out: {
    status: 503,
    code: internal,
    message: 'The server did not answer in time',
    headers: retry(5),
  },
  // UnsupportedProtocolVersion of MCP 2026-07-28.
  unknown_revision: { status: 400, code: -32_022, message: 'Unsupported protocol version' },
};

/** The JSON-RPC error of a fault, for an answer that is part of a batch or a stream. */
export function faultMessage(id: unknown, fault: CommandFault, data?: JsonObject): JsonObject {
  const { code, message } = faults[fault];
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message, ...(data && { data }) } };
}

/** The status of an error that a process answered, as MCP 2026-07-28 wants it. */
export function statusOfAnswer({ error }: JsonObject): number {
  const code = member(error, 'code');
  if (code === errorCodes.methodNotFound) return 404;
  return typeof code === 'number' && code <= -32_020 && code >= -32_022 ? 400 : 200;
}

/** What an answer with a fault says besides the fault. */
export interface FaultDetails {
  /** Of the request. Default: null. */
  readonly id?: unknown;
  readonly data?: JsonObject;
  /** In place of the fault's own. */
  readonly retryAfterSeconds?: number;
}

/** Answers a whole HTTP request with a fault. */
export function writeFault(
  response: ServerResponse,
  fault: CommandFault,
  { id, data, retryAfterSeconds }: FaultDetails = {},
): void {
  const { status, headers = {} } = faults[fault];
  const wait = retryAfterSeconds === undefined ? {} : retry(retryAfterSeconds);
  writeJson(response, status, JSON.stringify(faultMessage(id, fault, data)), {
    ...headers,
    ...wait,
  });
}

/** Answers with JSON. A client that has disconnected gets nothing. */
export function writeJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text);
}

/** For notifications and responses of the client: 202 without a body. For DELETE: 200. */
export function writeEmpty(response: ServerResponse, status: 200 | 202): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Length': 0, 'Cache-Control': 'no-store' });
  response.end();
}
