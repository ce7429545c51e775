/** A TCP relay that can be cut off: a network that refuses, resets or swallows. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a connection is cut. */
export type Cut = 'refuse' | 'reset' | 'hang';

export interface Relay {
  readonly port: number;
  /** Cuts all connections, and those that come. `undefined` passes them on again. */
  cut(mode: Cut | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** @param to Where the bytes go. The relay listens at the same host. */
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
    const next = createServer({ allowHalfOpen: true }, accept);
    server = next;
    // A connection of another program may have the port for a moment.
    for (;;) {
      const isListening = once(next.listen(port, to.host), 'listening').then(
        () => true,
        () => false,
      );
      if (await isListening) return (next.address() as AddressInfo).port;
      await sleep(20);
    }
  }
  async function close(): Promise<void> {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing === undefined) return;
    const closed = once(closing, 'close');
    closing.close();
    await closed;
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
