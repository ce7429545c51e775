/** The answers of the proxy itself. */
import type { ServerResponse } from 'node:http';

/** A fixed answer. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** For everything that is the upstream's fault, or ours. The client may simply try again. */
export function unavailable(retryAfterSeconds = 5): ProxyAnswer {
  return {
    status: 503,
    headers: { 'Retry-After': String(Math.max(1, retryAfterSeconds)) },
    body: { error: 'temporarily_unavailable', error_description: 'The server could not answer' },
  };
}

/** For a message that cannot be written anew without a change. */
export function numberTooLong(id: unknown): ProxyAnswer {
  const error = { code: -32_600, message: 'A number has more digits than this server reads' };
  return { status: 400, headers: {}, body: { jsonrpc: '2.0', error, id: id ?? null } };
}

/** For a caller that has its share of requests under way. */
export function tooManyRequests(id: unknown): ProxyAnswer {
  const error = { code: -32_000, message: 'Too many requests of this caller at once' };
  return {
    status: 429,
    headers: { 'Retry-After': '1' },
    body: { jsonrpc: '2.0', error, id: id ?? null },
  };
}

/** Writes an answer, unless the client has one or has disconnected. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers, body }: ProxyAnswer,
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** An event that answers a request of a stream whose upstream died. Without it, the client would wait for ever. */
export function lostAnswerEvent(id: unknown): string {
  const error = { code: -32_603, message: 'The server ended before it answered' };
  return `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error })}\n\n`;
}
