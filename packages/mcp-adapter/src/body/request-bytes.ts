/** The bytes of a request of `node:http` or `node:http2`, whatever middleware did to the stream before. */
import type { IncomingMessage } from 'node:http';

/**
 * Reads all bytes of a body that was not read before. Middleware may have paused the request, called
 * `setEncoding` on it, or added a `readable` listener, which is removed: the gate is the only reader.
 *
 * It uses listeners: an async iterator costs more than the rest of the gate.
 *
 * @param stop Stops the reading when it aborts: the promise rejects, and the rest of the body is dropped.
 * @returns `undefined` when there are too many bytes. The rest is then left unread.
 */
export function readBytes(
  request: IncomingMessage,
  maximumBytes: number,
  stop?: AbortSignal,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    // A client that disconnected during verification emits no further event.
    if (request.destroyed) throw new Error('the request ended before its body');
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer | string) => {
      const bytes = toBytes(chunk, request.readableEncoding);
      length += bytes.length;
      if (length <= maximumBytes) {
        chunks.push(bytes);
        return;
      }
      request.off('data', onData);
      request.pause();
      resolve(undefined);
    };
    const onClose = () => reject(new Error('the request ended before its body'));
    const onEnd = () => {
      // Creating an error is expensive, so this listener is removed before the request closes. Removing the
      // others would cost more than keeping them.
      request.off('close', onClose);
      resolve(Buffer.concat(chunks));
    };
    stop?.addEventListener('abort', () => {
      request.off('data', onData).off('close', onClose).resume();
      reject(new Error('the body took too long'));
    });
    request.on('data', onData).on('end', onEnd).on('error', reject).on('close', onClose);
    // Otherwise nothing would arrive as `data`, and the request would hang.
    if (request.isPaused() || request.listenerCount('readable') > 0) {
      request.removeAllListeners('readable').resume();
    }
  });
}

/** After `setEncoding`, Node.js hands out text. */
function toBytes(chunk: Buffer | string, encoding: BufferEncoding | null): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding ?? 'utf8') : chunk;
}
