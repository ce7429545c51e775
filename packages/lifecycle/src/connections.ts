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
  /**
   * Closes each connection that waits for no answer and received nothing for `idleMs` milliseconds.
   * Call it in the check phase of the event loop: what arrived before is then read.
   */
  closeIdle(idleMs: number): void;
  /** Closes every connection, also those that wait for an answer. */
  closeAll(): void;
}

interface Connection {
  /** Answers that are not finished, in the order of their requests. */
  readonly answers: Set<ServerResponse>;
  saidClose: boolean;
  /** Bytes received at the last look, and the time since which there are no more. */
  bytesRead: number;
  quietSince: number;
}

/** Call it before the server listens, and before it has any other listener for requests. */
export function followConnections(server: Server): Connections {
  const connections = new Map<Socket, Connection>();
  let accepted = 0;
  let closing = false;

  server.on('connection', (socket: Socket) => {
    accepted += 1;
    connections.set(socket, {
      answers: new Set(),
      saidClose: false,
      bytesRead: 0,
      quietSince: performance.now(),
    });
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
      if (!closing || response !== [...answers].at(-1) || isSending(request)) return false;
      response.setHeader('Connection', 'close');
      connection.saidClose = true;
      return true;
    });
    response.once('close', () => {
      answers.delete(response);
      // A client that did not read `Connection: close` may already send its next request.
      connection.quietSince = performance.now();
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
    closeIdle(idleMs) {
      const now = performance.now();
      for (const [socket, connection] of connections) {
        if (connection.bytesRead !== socket.bytesRead) {
          connection.bytesRead = socket.bytesRead;
          connection.quietSince = now;
        }
        if (connection.answers.size > 0 || now - connection.quietSince < idleMs) continue;
        // The first time it says so to the client. The second time the client had its chance.
        if (socket.writable) halfClose(socket, connection, now);
        else socket.destroy();
      }
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

/**
 * Every way to send headers ends in `writeHead`.
 *
 * @param prepare Returns whether it has set `Connection`.
 */
function onHeaders(response: ServerResponse, prepare: () => boolean): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = (...given: unknown[]) => {
    const isSet = !response.headersSent && prepare();
    return writeHead(...(isSet ? given.map(withoutConnection) : given));
  };
}

/** Headers that `writeHead` gets replace those that are set. Both SDK lines give it `Connection: keep-alive`. */
function withoutConnection(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const isOther = ([name]: readonly unknown[]) => String(name).toLowerCase() !== 'connection';
  return Array.isArray(given)
    ? pairsOf(given).filter(isOther).flat()
    : Object.fromEntries(Object.entries(given).filter(isOther));
}

/** A list of names and values, or of pairs of them. */
function pairsOf(list: readonly unknown[]): unknown[][] {
  if (Array.isArray(list[0])) return list as unknown[][];
  return list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : []));
}

/**
 * Sends what is left and the end, and reads on: a reset would reach the client before the last answer
 * (RFC 9112 §9.6).
 */
function halfClose(socket: Socket, connection: Connection, now: number): void {
  connection.quietSince = now;
  socket.end();
}
