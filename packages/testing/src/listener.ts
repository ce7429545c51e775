import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on the loopback interface that can be taken away and brought back. */
export interface Listener {
  readonly port: number;
  /** Opens the port again. Rejects when something else has taken it meanwhile. */
  open(): Promise<void>;
  /** Closes the port and every connection. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Starts to listen on 127.0.0.1, and on no other interface whatever the options say. */
export async function startListener(port: number, listen: RequestListener): Promise<Listener> {
  const server = createServer(listen);

  async function open(at: number): Promise<void> {
    server.listen({ host, port: at });
    await once(server, 'listening');
  }

  await open(port);
  const { port: chosen } = server.address() as AddressInfo;

  return {
    port: chosen,

    async open() {
      if (!server.listening) await open(chosen);
    },

    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
