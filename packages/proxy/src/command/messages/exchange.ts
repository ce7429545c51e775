/** One POST with requests, and its answer: JSON while that is enough, otherwise a stream of events. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessageFilter } from '../../lists/filter-lists.ts';
import { createEventStream, type EventStream } from './event-stream.ts';
import { type CommandFault, faultMessage, writeFault, writeJson } from './http-answers.ts';
import type { JsonObject } from './messages.ts';

/** One POST with requests. */
export interface Exchange {
  /** Takes the answer to one of its requests. The last one ends the exchange. */
  answer(message: JsonObject): void;
  /** Answers one of its requests with a fault. */
  fail(id: unknown, fault: CommandFault): void;
  /**
   * Sends something that is no answer, such as progress. It turns the answer into a stream.
   *
   * @returns `false` when the client takes no stream.
   */
  send(message: JsonObject): boolean;
  readonly takesStream: boolean;
  readonly isOver: boolean;
}

/** Options for {@link createExchange}. */
export interface ExchangeOptions {
  readonly response: ServerResponse;
  readonly accepted: AcceptedTypes;
  /** The ids of its requests. */
  readonly ids: readonly unknown[];
  readonly isBatch: boolean;
  /** For the answers. `undefined`: they pass as they are. */
  readonly filter: MessageFilter | undefined;
  /** Makes the stream, in case one is needed. */
  readonly streamId: () => string;
  /** The status of a single answer in JSON. Default 200. */
  readonly statusOf?: (answer: JsonObject) => number;
  /** Called when the stream begins. */
  readonly onStream?: (stream: EventStream) => void;
  /**
   * Called when the client has disconnected before the end.
   *
   * @param stream What the client could resume. `undefined`: it has seen nothing yet.
   */
  readonly onDisconnect: (stream: EventStream | undefined) => void;
  /** Called when all requests are answered. */
  readonly onOver: () => void;
}

/** Which kinds of answers a client takes. */
export interface AcceptedTypes {
  readonly json: boolean;
  readonly stream: boolean;
}

/** Reads `Accept`. Without one, everything is accepted (RFC 9110 §12.5.1). */
export function readAccept({ headers }: IncomingMessage): AcceptedTypes {
  const { accept } = headers;
  if (accept === undefined) return { json: true, stream: true };
  const types = accept.split(',').map((part) => part.split(';', 1)[0]?.trim().toLowerCase());
  const has = (...names: readonly string[]) => names.some((name) => types.includes(name));
  return {
    json: has('application/json', 'application/*', '*/*'),
    stream: has('text/event-stream', 'text/*', '*/*'),
  };
}

// Proxies on the way end a connection without a byte after a minute or so.
const silentMs = 20_000;

export function createExchange(options: ExchangeOptions): Exchange {
  const { response, accepted, ids, isBatch, streamId, onStream, onDisconnect, onOver } = options;
  const waiting = new Set(ids);
  const answers: JsonObject[] = [];
  let stream: EventStream | undefined;
  let isDisconnected = false;

  const silence = setTimeout(() => openStream(), silentMs);
  silence.unref();
  response.once('close', () => {
    clearTimeout(silence);
    if (stream === undefined && waiting.size > 0) {
      isDisconnected = true;
      onDisconnect(undefined);
    }
  });

  function openStream(): EventStream | undefined {
    if (stream !== undefined) return stream;
    if (!accepted.stream || isDisconnected || response.headersSent) return undefined;
    clearTimeout(silence);
    const opened = createEventStream({ id: streamId(), onDetach: () => onDisconnect(opened) });
    stream = opened;
    opened.attach(response);
    onStream?.(opened);
    for (const answer of answers) opened.send(JSON.stringify(answer));
    return opened;
  }

  function finish(): void {
    clearTimeout(silence);
    onOver();
    if (stream !== undefined) stream.end();
    else writeAnswers();
  }

  function writeAnswers(): void {
    const [first = {}] = answers;
    if (isBatch) writeJson(response, 200, JSON.stringify(answers));
    else writeJson(response, options.statusOf?.(first) ?? 200, JSON.stringify(first));
  }

  function take(id: unknown): boolean {
    return waiting.delete(id) && !isDisconnected;
  }

  function answer(given: JsonObject): void {
    if (!take(given['id'])) return;
    const message = options.filter?.(given) ?? given;
    if (stream === undefined && !accepted.json) openStream();
    if (stream === undefined) answers.push(message);
    else stream.send(JSON.stringify(message));
    if (waiting.size === 0) finish();
  }

  return {
    answer,

    fail(id, fault) {
      if (stream !== undefined || isBatch) return answer(faultMessage(id, fault));
      waiting.delete(id);
      clearTimeout(silence);
      onOver();
      writeFault(response, fault, { id });
    },

    send(message) {
      const opened = openStream();
      if (opened === undefined || opened.isEnded) return false;
      opened.send(JSON.stringify(message));
      return true;
    },

    get takesStream() {
      return stream !== undefined || (accepted.stream && !isDisconnected);
    },
    get isOver() {
      return waiting.size === 0;
    },
  };
}
