/** Sends requests as bytes, and waits for the whole answer: a server may write after it began to answer. */
import { connect as connectHttp2, constants } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { type Connection, openConnection } from './connection.ts';

/** A request whose every byte is chosen. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Fields besides those that every request has, such as `Content-Type: text/plain`. */
  readonly lines: readonly string[];
  readonly body: Buffer;
}

export interface Sender {
  /** @returns The status. 0 if the connection ended without one. */
  send(request: RawRequest, token: string | undefined): Promise<number>;
  /** How many pieces of an answer came that no request asked for. */
  unasked(): number;
  /** The session that the last answer of HTTP/2 began. */
  readonly session?: () => string | undefined;
  close(): void;
}

/** Nothing here takes a tenth of it on a quiet machine. */
export const longestWaitMs = 120_000;

export function openSender(server: Server, http: 1 | 2): Sender {
  const { port } = server.address() as AddressInfo;
  return http === 1 ? openHttp1(port) : openHttp2(port);
}

function openHttp1(port: number): Sender {
  const idle: Connection[] = [];
  let unasked = 0;
  const onUnasked = () => {
    unasked += 1;
  };
  const exchange = async (request: RawRequest, head: Buffer): Promise<number> => {
    const reused = idle.pop();
    const connection = reused ?? openConnection(port, onUnasked);
    const answer = await connection.exchange(request, head);
    // A server closes connections that were idle for some seconds.
    if (answer === '' && reused !== undefined) return exchange(request, head);
    if (connection.isOpen()) idle.push(connection);
    return Number(answer.slice(9, 12)) || 0;
  };
  return {
    unasked: () => unasked,
    send(request, token) {
      const lines = [
        `${request.method} ${request.target} HTTP/1.1`,
        'Host: 127.0.0.1',
        ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
        'Accept: application/json, text/event-stream',
        `Content-Length: ${request.body.length}`,
        ...request.lines,
      ];
      return exchange(request, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    },
    close() {
      for (const connection of idle) connection.close();
    },
  };
}

function openHttp2(port: number): Sender {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  let begun: string | undefined;
  return {
    session: () => begun,
    unasked: () => 0,
    send({ method, target, lines, body }, token) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const fields = lines.map((line) => line.split(': ', 2));
      const stream = session.request({
        accept: 'application/json, text/event-stream',
        ...Object.fromEntries(fields.map(([name = '', value]) => [name.toLowerCase(), value])),
        ':method': method,
        ':path': target,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      });
      let status = 0;
      stream.on('error', () => {});
      stream.setTimeout(longestWaitMs, () => {
        reject(new Error(`no answer: ${method} ${target} ${body}`));
        stream.close(constants.NGHTTP2_CANCEL);
      });
      stream.once('response', (answer) => {
        status = Number(answer[':status']);
        begun = answer['mcp-session-id'] as string | undefined;
        const isStream = String(answer['content-type']).startsWith('text/event-stream');
        if (method === 'GET' && isStream) stream.close(constants.NGHTTP2_CANCEL);
      });
      stream.resume().once('close', () => resolve(status));
      stream.end(body);
      return promise;
    },
    close: () => session.close(),
  };
}
