/** Writes the upstream's answer to the client, piece by piece. */
import type { ServerResponse } from 'node:http';
import type { Verdict } from './judge-answer.ts';
import { lostAnswerEvent } from './proxy-answers.ts';

/** An answer whose head is known. Every method may be called after the client has disconnected. */
export interface AnswerWriter {
  /**
   * Takes a piece of the body.
   *
   * @returns `held`: it waits for more. `full`: the client reads slower than the upstream writes. `fault`: there
   *   is no answer in it.
   */
  write(chunk: Buffer): 'held' | 'sent' | 'full' | 'fault';
  /** @returns `false`: what came is no answer. Nothing has been sent then. */
  end(): boolean;
  /**
   * The upstream died before the end of its answer.
   *
   * @returns `false`: nothing has been sent, so the client can get another answer.
   */
  lose(): boolean;
}

/** Changes a stream of events on its way. */
export interface EventFilter {
  /** @returns What may be sent of the stream so far. `undefined`: an event is too large. */
  push(chunk: Buffer): string | undefined;
  end(): string;
}

/** Options for {@link createEventWriter}. */
export interface EventWriterOptions {
  readonly response: ServerResponse;
  readonly fields: Record<string, string>;
  /** The requests that the stream answers. */
  readonly ids: readonly unknown[];
  readonly filter: EventFilter | undefined;
}

/** Writes an event stream as it comes. */
export function createEventWriter(options: EventWriterOptions): AnswerWriter {
  const { response, fields, ids, filter } = options;
  response.writeHead(200, fields);
  // The first event may be far away, and the client waits for the head.
  response.flushHeaders();
  let isBetweenEvents = true;

  return {
    write(chunk) {
      if (filter === undefined) {
        isBetweenEvents = endsEvent(chunk);
        return send(response, chunk);
      }
      const text = filter.push(chunk);
      if (text === undefined) return 'fault';
      if (text === '') return 'held';
      return send(response, text);
    },

    end() {
      response.end(filter?.end());
      return true;
    },

    lose() {
      // A client does not see whether its request was answered, so each gets one: clients ignore a second answer.
      const events = ids.map(lostAnswerEvent).join('');
      response.end(isBetweenEvents ? events : `\n\n${events}`);
      return true;
    },
  };
}

function send(response: ServerResponse, chunk: Buffer | string): 'sent' | 'full' {
  return response.write(chunk) ? 'sent' : 'full';
}

/** Whether a blank line ends the chunk. */
function endsEvent(chunk: Buffer): boolean {
  const end = chunk.toString('latin1', Math.max(0, chunk.length - 4));
  return /(?:\r\n|\n|\r)(?:\r\n|\n|\r)$/.test(end);
}

/** Options for {@link createBodyWriter}. */
export interface BodyWriterOptions {
  readonly response: ServerResponse;
  readonly verdict: Extract<Verdict, { kind: 'json' | 'refusal' }>;
  readonly fields: Record<string, string>;
  /**
   * What to send in place of a whole body, and its content type. `undefined`: the body is no answer.
   */
  readonly read: (body: Buffer) => Uint8Array | string | undefined;
  /** From this size on the body is sent as it comes, in bytes. */
  readonly streamFrom: number;
  /** The largest body. */
  readonly maximum: number;
}

/** Collects a small body and checks it. A large one is sent as it comes. */
export function createBodyWriter(options: BodyWriterOptions): AnswerWriter {
  const { response, verdict, fields, read, streamFrom, maximum } = options;
  const chunks: Buffer[] = [];
  let size = 0;
  let isStreaming = false;

  return {
    write(chunk) {
      size += chunk.length;
      if (size > maximum) return 'fault';
      if (isStreaming) return send(response, chunk);
      chunks.push(chunk);
      if (size < streamFrom) return 'held';
      const begin = Buffer.concat(chunks.splice(0));
      if (!/^[\t\n\r ]*[[{]/.test(begin.toString('latin1'))) return 'fault';
      isStreaming = true;
      response.writeHead(verdict.status, fields);
      return send(response, begin);
    },

    end() {
      if (isStreaming) {
        response.end();
        return true;
      }
      const [first] = chunks;
      const body = read(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
      if (body === undefined) return false;
      response.writeHead(verdict.status, { ...fields, 'content-length': Buffer.byteLength(body) });
      response.end(body);
      return true;
    },

    lose() {
      // The client has a part of the body. Only a broken connection says that it is not the whole.
      if (isStreaming) response.destroy();
      return isStreaming;
    },
  };
}
