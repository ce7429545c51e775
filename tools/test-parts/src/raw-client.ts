/** A client that writes bytes, and keeps what it is sent. */
import { once } from 'node:events';
import { connect, type Socket, type SocketConstructorOpts } from 'node:net';

/** One connection. */
export interface RawClient {
  readonly socket: Socket;
  write(text: string): void;
  /** All that was received until now. */
  readonly received: string;
  /** Resolves when what was received has `text` in it. */
  until(text: string): Promise<string>;
  /** Resolves with all that was received, when the connection is closed. */
  readonly closed: Promise<string>;
}

export async function connectRaw(
  port: number,
  options: SocketConstructorOpts = {},
): Promise<RawClient> {
  const socket = connect({ ...options, port, host: '127.0.0.1' });
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  // A reset is an end like any other.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(received));
  });
  await once(socket, 'connect');
  return {
    socket,
    write: (text) => void socket.write(text),
    get received() {
      return received;
    },
    async until(text) {
      while (!received.includes(text)) {
        const ended = await Promise.race([closed.then(() => true), once(socket, 'data')]);
        if (ended === true) throw new Error(`closed after: ${received}`);
      }
      return received;
    },
    closed,
  };
}

/** A request without a body. */
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
