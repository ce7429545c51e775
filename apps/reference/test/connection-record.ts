/** For `node --import`: writes down what the HTTP server of this process does with each connection. */
import { channel } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** One connection, as its server saw it. Times are milliseconds since 1970. */
export interface RecordedConnection {
  readonly remotePort: number | undefined;
  readonly acceptedAt: number;
  /** When its server began to close it. */
  endedAt?: number;
  requests: number;
}

const now = () => performance.timeOrigin + performance.now();
const path = process.env['CONNECTION_RECORD'];
// The process may hold other servers, such as a stand-in for a Secret Manager.
const port = Number(process.env['PORT']);
const connections = new Map<Socket, RecordedConnection>();

channel('net.server.socket').subscribe((message) => {
  const { socket } = message as { socket: Socket };
  if (socket.localPort !== port) return;
  const connection: RecordedConnection = {
    remotePort: socket.remotePort,
    acceptedAt: now(),
    requests: 0,
  };
  connections.set(socket, connection);
  const note = () => {
    connection.endedAt ??= now();
  };
  const { end, destroy } = socket;
  socket.end = (...given: unknown[]) => {
    note();
    return Reflect.apply(end, socket, given);
  };
  socket.destroy = (...given: unknown[]) => {
    note();
    return Reflect.apply(destroy, socket, given);
  };
});

channel('http.server.request.start').subscribe((message) => {
  const { request } = message as { request: IncomingMessage };
  const connection = connections.get(request.socket);
  if (connection !== undefined) connection.requests += 1;
});

process.on('exit', () => {
  if (path !== undefined) writeFileSync(path, JSON.stringify([...connections.values()]));
});
