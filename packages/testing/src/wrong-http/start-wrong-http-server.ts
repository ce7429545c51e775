/** A server on a bare socket, so that nothing corrects what it sends. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { response, type WrongHttpAnswer } from './answer.ts';

/** Options for startWrongHttpServer. In both, {@link ownAddress} becomes the server's. */
export interface WrongHttpServerOptions {
  readonly answer: WrongHttpAnswer;
  /** The JSON body of a correct answer, for after {@link WrongHttpServer.revive}. */
  readonly good: string;
}

/** Stands for the server's URL in its answers, which are made before it listens. It is as long as that. */
export const ownAddress = 'http://127.0.0.1:00000';

/** A running server. */
export interface WrongHttpServer {
  /** On 127.0.0.1, without a slash at the end. */
  readonly url: string;
  /** From now on every request is answered correctly, also on connections that are open. */
  revive(): void;
  /** Ends the server and all its connections. */
  stop(): Promise<void>;
}

const requestLine = /^(?:GET|POST|HEAD|PUT|LIST) /;

/** Starts a server that answers wrongly until it is revived. It looks at no request. */
export async function startWrongHttpServer(
  options: WrongHttpServerOptions,
): Promise<WrongHttpServer> {
  const { answer, good } = options;
  const sockets = new Set<Socket>();
  let isRight = false;

  function repeat(socket: Socket): void {
    if (answer.repeats === undefined) return;
    const { bytes, everyMs } = answer.repeats;
    const timer = setInterval(() => {
      if (!socket.writableNeedDrain) socket.write(bytes);
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  }

  function answerWrongly(socket: Socket): void {
    if (onRequest !== undefined) socket.write(onRequest);
    repeat(socket);
    if (answer.ends === 'end') socket.end();
    // What was written is to leave before the reset.
    else if (answer.ends === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    if (!isRight && onConnect !== undefined) socket.write(onConnect);
    socket.on('data', (bytes) => {
      // A body may come after its head.
      if (!requestLine.test(bytes.toString('latin1', 0, 8))) return;
      if (isRight) socket.write(right);
      else answerWrongly(socket);
    });
  });
  const url = await listen(server);
  const fill = (bytes: string | Uint8Array | undefined) => bytes && named(bytes, url);
  const onConnect = fill(answer.onConnect);
  const onRequest = fill(answer.onRequest);
  const right = named(response(good), url);

  return {
    url,

    revive() {
      isRight = true;
    },

    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** At a port of five digits, so that its URL is as long as {@link ownAddress}. */
async function listen(server: Server): Promise<string> {
  for (;;) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (port >= 10_000) return `http://127.0.0.1:${port}`;
    server.close();
    await once(server, 'close');
  }
}

function named(bytes: string | Uint8Array, url: string): Uint8Array {
  const filled = Buffer.from(bytes as string);
  for (let at = filled.indexOf(ownAddress); at !== -1; at = filled.indexOf(ownAddress, at)) {
    filled.write(url, at);
  }
  return filled;
}
