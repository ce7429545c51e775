/** Answers of the transport. Those about tokens come from core, which alone decides them. */
import { preflightHeaders } from './cross-origin.ts';

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

/** For pages of other origins (MCP transport security): they get no challenge and no reason. */
export function forbiddenOrigin(): GateAnswer {
  return json(403, { error_description: 'Origin not allowed' });
}

/** For a body that is no JSON, or is too large. */
export function unreadableBody(
  reason: 'too_large' | 'not_json',
  headers: Readonly<Record<string, string>>,
): GateAnswer {
  const [status, code, message] =
    reason === 'too_large'
      ? ([413, -32_600, 'Request body too large'] as const)
      : ([400, -32_700, 'Parse error'] as const);
  return json(status, { jsonrpc: '2.0', error: { code, message }, id: null }, headers);
}

/** For a handler that failed before it answered. Never 500: the client may simply try again. */
export function handlerFailed(): GateAnswer {
  return json(
    503,
    { error: 'temporarily_unavailable', error_description: 'The server could not answer' },
    { 'Retry-After': '5' },
  );
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
