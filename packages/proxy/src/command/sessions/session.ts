/** One session of MCP 2025-03-26 to 2025-11-25: a client on one side, a child process on the other. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, UnaskedListener } from '../messages/child-requests.ts';
import type { EventStream } from '../messages/event-stream.ts';
import { createExchange, type Exchange, readAccept } from '../messages/exchange.ts';
import { writeEmpty, writeFault } from '../messages/http-answers.ts';
import {
  errorCodes,
  errorMessage,
  isNotification,
  isRequest,
  type JsonObject,
  member,
} from '../messages/messages.ts';
import { createServerRequests, type Route } from '../messages/server-requests.ts';
import type { ServerPort } from './server-port.ts';
import { createSessionStreams } from './session-streams.ts';
import type { PostedMessage } from './sessions.ts';

/** One session. */
export interface Session extends UnaskedListener {
  /** Answers a POST. Its body is what the gate judged: a message, or a batch of them. */
  post(
    request: IncomingMessage,
    response: ServerResponse,
    posted: Pick<PostedMessage, 'body' | 'filter'>,
  ): void;
  /** Opens or resumes a stream. */
  get(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the streams. The child process is not its business. */
  end(): void;
  /** Whether the client waits for nothing. */
  readonly isIdle: boolean;
}

interface PostedRequests extends Pick<PostedMessage, 'filter'> {
  readonly requests: readonly JsonObject[];
  readonly isBatch: boolean;
}

interface OpenCall {
  /** The client's own. */
  readonly id: unknown;
  readonly call: Call;
  readonly exchange: Exchange;
}

/**
 * @param port The child process.
 * @param resumeMs How long a request goes on whose stream has lost its client.
 */
export function createSession(port: ServerPort, resumeMs = 30_000): Session {
  const streams = createSessionStreams();
  const exchanges = new Set<Exchange>();
  // Not by id: a client may use one for two requests at a time.
  const calls = new Set<OpenCall>();
  const asked = createServerRequests((answer) => port.notify(answer));

  /**
   * Chooses where a message goes that names no request. stdio does not say what caused it: with one request
   * open it belongs to that one, most likely.
   */
  function chooseRoute(isQuestion: boolean): Route {
    const open = [...exchanges].filter((exchange) => exchange.takesStream);
    const newest = open.at(-1);
    const byExchange = isQuestion && open.length === 1 ? newest : undefined;
    const chosen = byExchange ?? (streams.general.isAttached ? undefined : newest);
    return (message) => {
      if (chosen === undefined || !chosen.send(message)) {
        streams.general.send(JSON.stringify(message));
      }
    };
  }

  function startCall(message: JsonObject, exchange: Exchange): void {
    const { id } = message;
    let open: OpenCall | undefined;
    const settle = () => {
      if (open !== undefined) calls.delete(open);
    };
    const call = port.request(message, {
      onAnswer(outcome) {
        settle();
        exchange.answer({ jsonrpc: '2.0', id, ...outcome });
      },
      onFailure(failure) {
        settle();
        exchange.fail(id, failure);
      },
      onProgress: (notification) => void exchange.send(notification),
    });
    if (call === undefined) return;
    open = { id, call, exchange };
    calls.add(open);
  }

  function cancel(open: OpenCall): void {
    calls.delete(open);
    open.call.cancel();
  }

  function cancelAll(exchange: Exchange): void {
    for (const open of calls) if (open.exchange === exchange) cancel(open);
    exchanges.delete(exchange);
  }

  function cancelOne(notification: JsonObject): void {
    const requestId = member(notification['params'], 'requestId');
    for (const open of calls) {
      // As JSON: `1` and `"1"` are two ids.
      if (JSON.stringify(open.id) !== JSON.stringify(requestId)) continue;
      cancel(open);
      // The connection of the cancelled request is still open, and waits.
      const error = errorMessage(requestId, errorCodes.internal, 'Request cancelled');
      open.exchange.answer(error);
    }
  }

  /** @returns `false` when the child process does not take it. */
  function passOn(message: JsonObject): boolean {
    if (!isNotification(message)) {
      const answer = asked.readAnswer(message);
      return answer === undefined || port.notify(answer);
    }
    if (message['method'] !== 'notifications/cancelled') return port.notify(message);
    cancelOne(message);
    return true;
  }

  function exchangeRequests(
    request: IncomingMessage,
    response: ServerResponse,
    { requests, isBatch, filter }: PostedRequests,
  ): void {
    const accepted = readAccept(request);
    if (!accepted.json && !accepted.stream) {
      writeFault(response, 'not_acceptable');
      return;
    }
    const streamId = streams.nextId();
    const exchange = createExchange({
      response,
      accepted,
      ids: requests.map((message) => message['id']),
      isBatch,
      filter,
      streamId: () => streamId,
      onStream: (stream) => streams.add(streamId, stream),
      onOver: () => exchanges.delete(exchange),
      onDisconnect(stream) {
        if (stream === undefined) cancelAll(exchange);
        else cancelUnlessResumed(stream, exchange);
      },
    });
    exchanges.add(exchange);
    for (const message of requests) startCall(message, exchange);
  }

  function cancelUnlessResumed(stream: EventStream, exchange: Exchange): void {
    setTimeout(() => {
      if (stream.isAttached || stream.isEnded) return;
      cancelAll(exchange);
      stream.end();
    }, resumeMs).unref();
  }

  return {
    get isIdle() {
      return exchanges.size === 0 && !streams.general.isAttached;
    },

    post(request, response, { body, filter }) {
      const messages = (Array.isArray(body) ? body : [body]) as readonly JsonObject[];
      const requests = messages.filter(isRequest);
      // Every message is passed on, also where one before it was not taken.
      const isTaken = messages
        .filter((message) => !isRequest(message))
        .map(passOn)
        .every(Boolean);
      if (requests.length > 0) {
        exchangeRequests(request, response, { requests, isBatch: Array.isArray(body), filter });
      } else if (isTaken) writeEmpty(response, 202);
      else writeFault(response, 'busy');
    },

    get(request, response) {
      if (!readAccept(request).stream) return writeFault(response, 'not_acceptable');
      streams.open(request, response);
    },

    end: () => streams.end(),

    onRequest: (message) => asked.ask(message, chooseRoute(true)),

    onNotification(message) {
      if (message['method'] === 'notifications/cancelled') asked.cancel(message);
      else chooseRoute(false)(message);
    },
  };
}
