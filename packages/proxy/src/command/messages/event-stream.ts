/** A stream of server-sent events that a client can resume (MCP 2025-11-25, "Resumability and Redelivery"). */
import type { ServerResponse } from 'node:http';

/** One stream of a session. It outlives its connection. */
export interface EventStream {
  /** Sends a message, or keeps it until a client connects. */
  send(text: string): void;
  /**
   * Sends events to this connection from now on, the missed ones first. An earlier connection is ended.
   *
   * @param after The last event that the client has. Default: the last that was sent to any connection.
   */
  attach(response: ServerResponse, after?: number): void;
  /** Ends the stream. What was kept can still be fetched. */
  end(): void;
  readonly isAttached: boolean;
  readonly isEnded: boolean;
}

/** Options for {@link createEventStream}. */
export interface EventStreamOptions {
  /** Part of every event id, so that `Last-Event-ID` names the stream. */
  readonly id: string;
  /** Called when the connection closes before the stream ended. */
  readonly onDetach?: () => void;
}

interface KeptEvent {
  readonly sequence: number;
  readonly frame: string;
}

/** How much is kept for a client that reconnects. */
const keptCharacters = 131_072;
// A client that reads more slowly than the server writes is disconnected, and resumes.
const maximumWaitingBytes = 1_048_576;
const keepAliveMs = 25_000;

const eventId = /^([a-z0-9]{1,16})-(\d{1,12})$/;

/** Reads a `Last-Event-ID` that an event stream wrote. */
export function readEventId(
  value: string,
): { readonly stream: string; readonly sequence: number } | undefined {
  const [, stream, sequence] = eventId.exec(value) ?? [];
  if (stream === undefined) return undefined;
  return { stream, sequence: Number(sequence) };
}

export function createEventStream({ id, onDetach }: EventStreamOptions): EventStream {
  const kept: KeptEvent[] = [];
  let characters = 0;
  let sequence = 0;
  let sent = 0;
  let connection: ServerResponse | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  let isEnded = false;

  function keep(event: KeptEvent): void {
    kept.push(event);
    characters += event.frame.length;
    let dropped = 0;
    for (const { frame } of kept) {
      if (characters <= keptCharacters) break;
      characters -= frame.length;
      dropped += 1;
    }
    kept.splice(0, dropped);
  }

  function write({ frame, sequence: number }: KeptEvent): void {
    if (connection === undefined) return;
    if (connection.writableLength > maximumWaitingBytes) {
      connection.destroy();
      detach(connection);
      return;
    }
    connection.write(frame);
    sent = number;
  }

  function detach(response: ServerResponse): void {
    if (connection !== response) return;
    connection = undefined;
    clearInterval(keepAlive);
    onDetach?.();
  }

  function release(): void {
    const response = connection;
    connection = undefined;
    clearInterval(keepAlive);
    response?.end();
  }

  return {
    get isAttached() {
      return connection !== undefined;
    },
    get isEnded() {
      return isEnded;
    },

    send(text) {
      if (isEnded) return;
      sequence += 1;
      const event = { sequence, frame: `id: ${id}-${sequence}\nevent: message\ndata: ${text}\n\n` };
      write(event);
      keep(event);
    },

    attach(response, after = sent) {
      release();
      if (response.destroyed) return;
      connection = response;
      response.on('error', () => {});
      response.once('close', () => detach(response));
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      response.flushHeaders();
      keepAlive = setInterval(() => connection?.write(': keep-alive\n\n'), keepAliveMs);
      keepAlive.unref();
      for (const event of kept) if (event.sequence > after) write(event);
      if (isEnded) release();
    },

    end() {
      isEnded = true;
      release();
    },
  };
}
