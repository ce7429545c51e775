/** A connection of HTTP/1.1 on which requests follow each other, each after the whole answer to the last. */
import { createConnection } from 'node:net';
import { longestWaitMs, type RawRequest } from './send.ts';

export interface Connection {
  /** @returns The bytes of the answer. None if the connection ended before. */
  exchange(request: RawRequest, head: Buffer): Promise<string>;
  isOpen(): boolean;
  close(): void;
}

/** @param onUnasked Told of bytes that answer no request: then a server has read one request as two. */
export function openConnection(port: number, onUnasked: () => void): Connection {
  const socket = createConnection(port, '127.0.0.1');
  let onChunk: (chunk: string) => void = onUnasked;
  let onEnd = (): void => {};
  socket
    .setNoDelay()
    .setEncoding('latin1')
    .on('error', () => {})
    .on('data', (chunk: string) => onChunk(chunk))
    .once('close', () => onEnd());
  return {
    isOpen: () => socket.writable,
    close: () => void socket.destroy(),
    exchange({ method, target, body }, head) {
      if (socket.destroyed) return Promise.resolve('');
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      let answer = '';
      const timer = setTimeout(() => {
        reject(new Error(`no answer: ${method} ${target} ${body}`));
        socket.destroy();
      }, longestWaitMs);
      onEnd = () => {
        clearTimeout(timer);
        onChunk = onUnasked;
        resolve(answer);
      };
      onChunk = (chunk) => {
        answer += chunk;
        // A stream that GET opens would not end by itself.
        const isStream = method === 'GET' && /^content-type: text\/event-stream/im.test(answer);
        const rest = isStream ? '' : afterAnswer(answer);
        if (rest === undefined) return;
        if (rest !== '') onUnasked();
        if (isStream || /^connection: close/im.test(answer)) socket.destroy();
        onEnd();
      };
      socket.write(Buffer.concat([head, body]));
      return promise;
    },
  };
}

/** @returns The bytes behind the first answer. `undefined` while it is not whole, or if only the connection ends it. */
function afterAnswer(bytes: string): string | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = bytes.slice(0, end);
  const body = bytes.slice(end + 4);
  const size = sizeOf(head, body);
  return size === undefined || body.length < size ? undefined : body.slice(size);
}

function sizeOf(head: string, body: string): number | undefined {
  if (/^HTTP\/1\.1 (?:204|304)/.test(head)) return 0;
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (!/^transfer-encoding: chunked/im.test(head)) return undefined;
  const last = `\r\n${body}`.indexOf('\r\n0\r\n\r\n');
  return last === -1 ? undefined : last + 5;
}
