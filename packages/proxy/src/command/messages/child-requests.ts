/** The requests that wait for one child process. Ids are written anew, so no two clients share one. */
import type { Child } from '../process/child-process.ts';
import type { LineEnds } from '../process/line-reader.ts';
import { couldBeAnswer, idIn, isMessage, parseMessages } from './child-lines.ts';
import {
  errorCodes,
  errorMessage,
  isObject,
  isRequest,
  type JsonObject,
  member,
  metaOf,
  type Outcome,
  withMeta,
} from './messages.ts';

/** Why a request has no answer. */
export type CallFailure = 'ended' | 'busy' | 'timed_out' | 'answer_too_large';

/** Who waits for the answer of a request. Exactly one of the first two is called, once. */
export interface AnswerReceiver {
  onAnswer(outcome: Outcome): void;
  onFailure(failure: CallFailure): void;
  /** Called with the client's own progress token. */
  onProgress(notification: JsonObject): void;
}

/** A request that was sent. */
export interface Call {
  /** What the child process knows the request by. */
  readonly id: number;
  /** Tells the child process that nobody waits any more. The receiver is not called again. */
  cancel(): void;
}

/** What a child process sends without being asked. */
export interface UnaskedListener {
  onRequest(message: JsonObject): void;
  onNotification(message: JsonObject): void;
}

/** Sends messages to one child process. */
export interface ChildRequests {
  /**
   * @param timeoutMs Default: the time that every request may take.
   * @returns `undefined` when it could not be sent: the receiver has been told so.
   */
  request(message: JsonObject, receiver: AnswerReceiver, timeoutMs?: number): Call | undefined;
  /** @returns `false` when the child process did not take it. */
  notify(message: JsonObject): boolean;
  /** Takes a line of the child process. @returns Whether it answered a request. */
  readLine(line: string): boolean;
  readLongLine(ends: LineEnds): void;
  /** Fails everything that waits. */
  fail(failure: CallFailure): void;
  readonly pendingCount: number;
}

/** Options for {@link createChildRequests}. */
export interface ChildRequestsOptions {
  readonly child: () => Child | undefined;
  readonly unasked: UnaskedListener;
  readonly requestTimeoutMs: number;
  /** Called for lines that are no message. */
  readonly onIgnored: (reason: 'line_too_long' | 'not_json' | 'not_message') => void;
}

interface Pending {
  readonly receiver: AnswerReceiver;
  readonly progressToken: unknown;
  readonly timeoutMs: number;
  timer: NodeJS.Timeout;
}

const maximumPending = 1_000;

export function createChildRequests(options: ChildRequestsOptions): ChildRequests {
  const { child, unasked, requestTimeoutMs, onIgnored } = options;
  const pending = new Map<number, Pending>();
  let lastId = 0;

  function send(message: JsonObject): boolean {
    return child()?.send(JSON.stringify(message)) === true;
  }

  function take(id: unknown): AnswerReceiver | undefined {
    const found = typeof id === 'number' ? pending.get(id) : undefined;
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    pending.delete(id as number);
    return found.receiver;
  }

  function cancel(id: number): void {
    if (take(id) === undefined) return;
    send({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: id, reason: 'The client no longer waits' },
    });
  }

  function startTimer(id: number, timeoutMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      const receiver = pending.get(id)?.receiver;
      cancel(id);
      receiver?.onFailure('timed_out');
    }, timeoutMs);
  }

  function readProgress(message: JsonObject): boolean {
    const id = member(message['params'], 'progressToken');
    const found = typeof id === 'number' ? pending.get(id) : undefined;
    // A late report of a request that is over has no receiver.
    if (found === undefined || found.progressToken === undefined) return false;
    clearTimeout(found.timer);
    found.timer = startTimer(id as number, found.timeoutMs);
    const params = { ...(message['params'] as JsonObject), progressToken: found.progressToken };
    found.receiver.onProgress({ ...message, params });
    return true;
  }

  function readMessage(message: JsonObject): boolean {
    const method = member(message, 'method');
    if (typeof method !== 'string') {
      const receiver = take(member(message, 'id'));
      receiver?.onAnswer(outcomeOf(message));
      return receiver !== undefined;
    }
    if (method === 'notifications/progress') return readProgress(message);
    if (isRequest(message)) unasked.onRequest(message);
    else unasked.onNotification(message);
    return false;
  }

  function fail(failure: CallFailure): void {
    for (const id of [...pending.keys()]) take(id)?.onFailure(failure);
  }

  return {
    get pendingCount() {
      return pending.size;
    },

    request(message, receiver, timeoutMs = requestTimeoutMs) {
      if (pending.size >= maximumPending) {
        receiver.onFailure('busy');
        return undefined;
      }
      lastId += 1;
      const id = lastId;
      const progressToken = metaOf(message)['progressToken'];
      const own = progressToken === undefined ? message : withMeta(message, { progressToken: id });
      if (!send({ ...own, id })) {
        receiver.onFailure('busy');
        return undefined;
      }
      pending.set(id, { receiver, progressToken, timeoutMs, timer: startTimer(id, timeoutMs) });
      return { id, cancel: () => cancel(id) };
    },

    notify: send,

    readLine(line) {
      const value = parseMessages(line);
      if (value === undefined) {
        onIgnored('not_json');
        return false;
      }
      // MCP 2025-03-26 has batches.
      const messages = Array.isArray(value) ? value : [value];
      if (!messages.every(isMessage)) {
        onIgnored('not_message');
        return false;
      }
      return messages.map(readMessage).includes(true);
    },

    readLongLine(ends) {
      onIgnored('line_too_long');
      const receiver = take(idIn(ends));
      if (receiver !== undefined) return receiver.onFailure('answer_too_large');
      // Any of them could be the one that the line answered: waiting for it would be waiting for ever.
      if (couldBeAnswer(ends)) fail('answer_too_large');
    },

    fail,
  };
}

function outcomeOf(message: JsonObject): Outcome {
  if (isObject(message['error'])) return { error: message['error'] };
  if (isObject(message['result'])) return { result: message['result'] };
  const { error } = errorMessage(null, errorCodes.internal, 'The server gave an invalid answer');
  return { error };
}
