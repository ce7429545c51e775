/** Lets the answer to a refused upload reach a client that is still sending. */
import type { IncomingMessage, ServerResponse } from 'node:http';

// After a smaller refused upload the connection can be used again: Node reads and drops the rest.
const smallUploadBytes = 65_536;
// A client that sends more, or takes longer, may see a reset connection in place of the answer.
const drainLimits = { bytes: 16_777_216, totalMs: 10_000, idleMs: 1_000 };
// The answer has ended by then, so a client that waits for the stream to close waits less.
const http2IdleMs = 500;

interface Http2Stream {
  readonly endAfterHeaders?: boolean;
  once(event: 'finish', listener: () => void): unknown;
  close(code: number): void;
}

/**
 * Prepares the answer to a request that was refused. If a large body is still to come, the head and body of
 * the answer leave at once. The connection then stays open while the client sends, and what arrives is
 * dropped: at most 16 MiB in 10 seconds, with pauses of at most 1 second. Then the connection closes.
 *
 * Closing a socket that has unread bytes resets the connection, and the client loses the answer (RFC 9112
 * §9.6). On HTTP/2 the answer ends at once, and only the stream stays open, within the same limits and while
 * data arrives. Then RST_STREAM with NO_ERROR tells the client to stop (RFC 9113 §8.1). Node.js does that by
 * itself for a body without `Content-Length` that was not read.
 */
export function outlastUpload(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const { stream } = request as { stream?: Http2Stream };
  if (stream !== undefined) {
    if (stream.endAfterHeaders === true || !isLarge(request)) return;
    stream.once('finish', () => drain(request, () => stream.close(0), http2IdleMs));
    return;
  }
  if (!isLarge(request)) return;
  response.setHeader('Connection', 'close');
  const end = response.end.bind(response);
  response.end = ((body: unknown) => {
    response.end = end;
    send(response, body);
    drain(request, () => end());
    return response;
  }) as ServerResponse['end'];
}

function isLarge({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return Number(headers['content-length'] ?? 0) > smallUploadBytes;
}

/** Writes all of the answer. With its length, the client knows that the answer is complete. */
function send(response: ServerResponse, body: unknown): void {
  if (typeof body === 'string' || body instanceof Uint8Array) response.write(body);
  else response.flushHeaders();
}

/** @param done Called once: at the end of the body, at a limit, or when the client has disconnected. */
function drain(request: IncomingMessage, done: () => void, idleMs = drainLimits.idleMs): void {
  let bytes = 0;
  // A stream that a framework made of the request would keep what arrives, and pause the request.
  request.removeAllListeners('data').removeAllListeners('readable');
  const finish = () => {
    clearTimeout(total);
    clearTimeout(idle);
    request.off('data', onData).off('end', finish).off('close', finish);
    done();
  };
  const onData = (chunk: Uint8Array) => {
    bytes += chunk.length;
    idle.refresh();
    if (bytes > drainLimits.bytes) finish();
  };
  const total = setTimeout(finish, drainLimits.totalMs).unref();
  const idle = setTimeout(finish, idleMs).unref();
  if (request.destroyed) finish();
  else request.on('data', onData).on('end', finish).on('close', finish).resume();
}
