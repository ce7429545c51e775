/** A TCP relay that can be cut off: a network that refuses, resets or swallows. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a connection is cut. */
export type Cut = 'refuse' | 'reset' | 'hang';

export interface Relay {
  readonly port: number;
  /** Cuts all connections, and those that come. `undefined` passes them on again. */
  cut(mode: Cut | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** @param to Where the bytes go. */
export async function startRelay(to: {
  readonly host: string;
  readonly port: number;
}): Promise<Relay> {
  const sockets = new Set<Socket>();
  let mode: Cut | undefined;

  function follow(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => mode === 'hang' || other.write(bytes));
    socket.on('end', () => mode === 'hang' || other.end());
    socket.on('close', () => {
      sockets.delete(socket);
      if (mode !== 'hang') other.destroy();
    });
  }

  const accept = (client: Socket): void => {
    if (mode === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(to.port, to.host);
    follow(client, upstream);
    follow(upstream, client);
  };
  let server: Server | undefined;
  async function listen(port: number): Promise<number> {
    server = createServer({ allowHalfOpen: true }, accept).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  async function close(): Promise<void> {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    closing.close();
    for (const socket of sockets) socket.destroy();
    await once(closing, 'close');
  }
  const port = await listen(0);

  return {
    port,

    async cut(next) {
      mode = next;
      if (next === 'hang') return;
      for (const socket of sockets) socket.resetAndDestroy();
      if (next === 'refuse') await close();
      else if (server === undefined) await listen(port);
    },

    stop: close,
  };
}
