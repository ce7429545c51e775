/** Connections in the queue of the kernel, which the server has not accepted yet. */
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';

const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Resolves when the server has accepted every connection that was in its queue at the time of the call. It connects
 * to the server itself: the kernel hands out connections in their order, so all earlier ones come before this one.
 *
 * @param longestMs Longest time to wait, in milliseconds.
 * @returns Whether that is certain. `false` if this process cannot connect to the server, or not in time.
 */
export function untilQueueIsAccepted(server: Server, longestMs: number): Promise<boolean> {
  const address = server.address();
  // The two ends of a Unix socket have no port by which to know each other.
  if (address === null || typeof address === 'string') return Promise.resolve(false);
  const { port, address: host } = address;
  return new Promise((resolve) => {
    let isAccepted = false;
    const marker = connect({ host: loopbackOf[host] ?? host, port });
    const timer = setTimeout(() => marker.destroy(), longestMs);
    const find = (socket: Socket): void => {
      if (marker.localPort === undefined || socket.remotePort !== marker.localPort) return;
      isAccepted = true;
      socket.destroy();
      marker.destroy();
    };
    server.on('connection', find);
    // A server at its `maxConnections` closes it at once.
    marker.on('error', () => {}).resume();
    marker.once('close', () => {
      clearTimeout(timer);
      server.off('connection', find);
      resolve(isAccepted);
    });
  });
}
