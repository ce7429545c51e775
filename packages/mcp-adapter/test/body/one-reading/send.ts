/** Sends attempts over real connections that are used again. */
import { connect, constants } from 'node:http2';
import { type AddressInfo, connect as connectSocket, type Server, type Socket } from 'node:net';
import type { Attempt } from './requests.ts';

export interface Sender {
  /** The status of the answer. Rejects when there is none in time. */
  send(attempt: Attempt, token: string | undefined): Promise<number>;
  close(): Promise<void>;
}

// A request that is never answered fails the test. Nothing here takes a tenth of it.
const longestWaitMs = 20_000;

export function openSender(server: Server, http: 1 | 2): Sender {
  const { port } = server.address() as AddressInfo;
  return http === 1 ? openHttp1(port) : openHttp2(port);
}

/**
 * Writes requests as bytes: the client of Node.js costs as much as all servers. It keeps one connection for
 * each request under way.
 */
function openHttp1(port: number): Sender {
  const free: Socket[] = [];
  const all = new Set<Socket>();

  function open(): Socket {
    const socket = connectSocket(port, '127.0.0.1').setNoDelay(true);
    all.add(socket);
    socket.once('close', () => all.delete(socket)).on('error', () => {});
    return socket;
  }

  function release(socket: Socket, isReusable: boolean): void {
    socket.removeAllListeners('data').setTimeout(0).removeAllListeners('timeout');
    if (isReusable) free.push(socket);
    else socket.destroy();
  }

  return {
    send: (attempt, token) =>
      new Promise((resolve, reject) => {
        let socket = free.pop();
        while (socket?.destroyed) socket = free.pop();
        const used = socket ?? open();
        let answer = '';
        const onClose = () => reject(new Error(`${attempt.name}: no answer`));
        used.once('close', onClose);
        used.setTimeout(longestWaitMs, () => used.destroy());
        used.on('data', (chunk: Buffer) => {
          answer += chunk.toString('latin1');
          const end = findEnd(answer);
          if (end === undefined) return;
          used.off('close', onClose);
          release(used, end === 'complete');
          resolve(Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
        });
        used.write(toBytes(attempt, token));
      }),
    async close() {
      for (const socket of all) socket.destroy();
    },
  };
}

const withToken = new WeakMap<Attempt, Buffer>();
const withoutToken = new WeakMap<Attempt, Buffer>();

/** An attempt comes without a token, or always with the same one. */
function toBytes(attempt: Attempt, token: string | undefined): Buffer {
  const requestBytes = token === undefined ? withoutToken : withToken;
  const known = requestBytes.get(attempt);
  if (known !== undefined) return known;
  const { method, path, headers, body } = attempt;
  const length = body === undefined ? [] : [['Content-Length', body.length]];
  const fields = [['Host', '127.0.0.1'], ...Object.entries(headers), ...length];
  const credentials = token === undefined ? [] : [['Authorization', `Bearer ${token}`]];
  const lines = [...fields, ...credentials].map((field) => field.join(': '));
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
  requestBytes.set(attempt, bytes);
  return bytes;
}

/** Whether the answer is all there, and whether another request may follow it. */
function findEnd(answer: string): 'complete' | 'last' | undefined {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = answer.slice(0, headEnd).toLowerCase();
  // A stream of events would not end by itself.
  if (head.includes('\r\nconnection: close') || head.includes('text/event-stream')) return 'last';
  if (/^http\/1\.1 (?:204|304)/.test(head)) return 'complete';
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    return answer.length >= headEnd + 4 + Number(length) ? 'complete' : undefined;
  }
  if (!head.includes('\r\ntransfer-encoding: chunked')) return 'last';
  return answer.endsWith('0\r\n\r\n') ? 'complete' : undefined;
}

function openHttp2(port: number): Sender {
  const session = connect(`http://127.0.0.1:${port}`);
  return {
    async send({ method, path, headers, body }, token) {
      const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const stream = session.request(
        {
          ...Object.fromEntries(fields),
          ':method': method,
          ':path': path,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        { endStream: body === undefined },
      );
      stream.setTimeout(longestWaitMs, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.on('error', () => {});
      if (body !== undefined) stream.end(body);
      const status = await new Promise<number>((resolve) => {
        stream.once('response', (answer) => resolve(Number(answer[':status'])));
        // The HTTP/2 layer of the server has refused it: that is an answer as well.
        stream.once('close', () => resolve(0));
      });
      // A stream of events would not end by itself.
      stream.close(constants.NGHTTP2_CANCEL);
      return status;
    },
    async close() {
      session.close();
    },
  };
}
