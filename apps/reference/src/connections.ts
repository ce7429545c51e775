/** The connections of one HTTP/1.1 server, and the answers that each of them waits for. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Follows every connection from its beginning. */
export interface Connections {
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connections that are open. */
  readonly open: number;
  /**
   * Whether this request comes after an answer that closes its connection. The client then sends it
   * again on another connection, so it must not run here (RFC 9112 §9.6).
   */
  isTooLate(request: IncomingMessage): boolean;
  /** From now on, the last answer of each connection says `Connection: close`. */
  closeAfterAnswers(): void;
  /** Closes every connection that waits for no answer. */
  closeIdle(): void;
  /** Closes every connection, with or without its answer. */
  closeAll(): void;
}

interface Connection {
  /** Answers that are not finished, in the order of their requests. */
  readonly answers: Set<ServerResponse>;
  saidClose: boolean;
}

/** Call it before the server listens, and before it has any other listener for requests. */
export function followConnections(server: Server): Connections {
  const connections = new Map<Socket, Connection>();
  let accepted = 0;
  let closing = false;

  server.on('connection', (socket: Socket) => {
    accepted += 1;
    connections.set(socket, { answers: new Set(), saidClose: false });
    socket.once('close', () => connections.delete(socket));
  });

  server.on('request', (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection === undefined) return;
    const { answers } = connection;
    answers.add(response);
    onHeaders(response, () => {
      // A client that still sends its body would be reset, and lose the answer.
      if (!closing || response !== [...answers].at(-1) || isSending(request)) return;
      response.setHeader('Connection', 'close');
      connection.saidClose = true;
    });
    response.once('close', () => {
      answers.delete(response);
      // Its headers were sent before, so that the client does not know yet.
      if (closing && answers.size === 0 && !isSending(request)) end(socket);
    });
  });

  return {
    get accepted() {
      return accepted;
    },
    get open() {
      return connections.size;
    },
    isTooLate: ({ socket }) => !socket.writable || (connections.get(socket)?.saidClose ?? true),
    closeAfterAnswers() {
      closing = true;
    },
    closeIdle() {
      for (const [socket, { answers }] of connections) if (answers.size === 0) end(socket);
    },
    closeAll() {
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

/** Whether the rest of the body is on its way. */
export function isSending({ complete, headers }: IncomingMessage): boolean {
  const announced = Number(headers['content-length'] ?? 0) > 0;
  return !complete && (announced || headers['transfer-encoding'] !== undefined);
}

/** Every way to send headers ends in `writeHead`. */
function onHeaders(response: ServerResponse, prepare: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = (...given: unknown[]) => {
    if (!response.headersSent) prepare();
    return writeHead(...given);
  };
}

/** Sends what is left, and then closes. */
function end(socket: Socket): void {
  socket.end(() => socket.destroy());
}
