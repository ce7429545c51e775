/** Sends requests as bytes, and waits for the whole answer: a server may write after it began to answer. */
import { connect as connectHttp2, constants } from 'node:http2';
import { type AddressInfo, createConnection, type Server } from 'node:net';

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
  /** The session that the last answer of HTTP/2 began. */
  readonly session?: () => string | undefined;
  close(): void;
}

// Nothing here takes a tenth of it.
const longestWaitMs = 20_000;

export function openSender(server: Server, http: 1 | 2): Sender {
  const { port } = server.address() as AddressInfo;
  return http === 1 ? openHttp1(port) : openHttp2(port);
}

function openHttp1(port: number): Sender {
  return {
    send({ method, target, lines, body }, token) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const socket = createConnection(port, '127.0.0.1');
      let answer = '';
      socket.on('error', () => {});
      socket.setTimeout(longestWaitMs, () => {
        reject(new Error(`no answer: ${method} ${target} ${body}`));
        socket.destroy();
      });
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        answer += chunk;
        // A stream that GET opens would not end by itself.
        if (method === 'GET' && /content-type: text\/event-stream/i.test(answer)) socket.destroy();
      });
      socket.once('close', () => resolve(Number(answer.slice(9, 12)) || 0));
      const head = [
        `${method} ${target} HTTP/1.1`,
        'Host: 127.0.0.1',
        ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
        'Accept: application/json, text/event-stream',
        'Connection: close',
        `Content-Length: ${body.length}`,
        ...lines,
      ];
      socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
      return promise;
    },
    close() {},
  };
}

function openHttp2(port: number): Sender {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  let begun: string | undefined;
  return {
    session: () => begun,
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
