/** Answers requests of MCP 2026-07-28, which has no sessions: each caller has one child process. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from '../messages/child-requests.ts';
import { createExchange, type Exchange, readAccept } from '../messages/exchange.ts';
import { statusOfAnswer, writeEmpty, writeFault } from '../messages/http-answers.ts';
import {
  isRequest,
  type JsonObject,
  metaOf,
  type Outcome,
  withMeta,
} from '../messages/messages.ts';
import {
  findMetaFault,
  isInitialize,
  isRepeatedInHeaders,
  metaNames,
  revisionOf,
  statelessRevision,
} from '../messages/revision.ts';
import { type PostedMessage, refuse } from '../sessions/sessions.ts';
import type { InitializedServer } from './initialized-server.ts';
import { type InitializedServers, isReady } from './initialized-servers.ts';
import { serveSubscription } from './subscription.ts';
import { isTranslatable, toDiscovery, toNewerOutcome, toOlderRequest } from './translation.ts';

/** Answers one request. */
export type StatelessHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  posted: PostedMessage,
) => Promise<void>;

export function createStatelessHandler(servers: InitializedServers): StatelessHandler {
  return async (request, response, { caller, body, filter }) => {
    if (request.method !== 'POST') return writeFault(response, 'method_not_allowed');
    const message = body as JsonObject;
    const { id } = message;
    // The revision has one notification, to cancel, and says it by closing the connection.
    if (!isRequest(message)) return writeEmpty(response, 202);
    const requested = revisionOf(request, body);
    const fault = findMetaFault(request, message);
    if (fault === 'header_mismatch') return writeFault(response, fault, { id });
    if (requested !== statelessRevision) {
      const data = { supported: [statelessRevision], requested };
      return writeFault(response, 'unknown_revision', { id, data });
    }
    if (fault !== undefined) return writeFault(response, fault, { id });
    if (!isRepeatedInHeaders(request, message)) {
      return writeFault(response, 'header_mismatch', { id });
    }
    const accepted = readAccept(request);
    if (!accepted.json && !accepted.stream) return writeFault(response, 'not_acceptable', { id });
    const server = await servers.find(caller, message);
    if (!isReady(server)) return refuse(response, id, server);
    if (response.destroyed) return;
    if (server.isStateless ? isInitialize(message) : !isServed(message)) {
      return writeFault(response, 'method_unknown', { id });
    }
    let leave = (): void => {};
    const exchange = createExchange({
      response,
      accepted,
      ids: [id],
      isBatch: false,
      filter,
      streamId: () => 'p',
      statusOf: statusOfAnswer,
      // Closing the connection cancels the request. Nothing can be resumed.
      onDisconnect: () => leave(),
      onOver: () => leave(),
    });
    leave = server.isStateless
      ? passOn(message, server, exchange)
      : translate(message, server, exchange);
    if (exchange.isOver) leave();
  };
}

function isServed(message: JsonObject): boolean {
  const { method } = message;
  return (
    isTranslatable(message) || method === 'server/discover' || method === 'subscriptions/listen'
  );
}

/** @returns The function that ends what was begun. */
function translate(message: JsonObject, server: InitializedServer, exchange: Exchange): () => void {
  const { greeting } = server;
  const answer = (outcome: Outcome) =>
    exchange.answer({ jsonrpc: '2.0', id: message['id'], ...outcome });
  if (message['method'] === 'subscriptions/listen') {
    return serveSubscription(message, server, exchange);
  }
  if (message['method'] === 'server/discover') {
    answer(toDiscovery(greeting));
    return () => {};
  }
  const call = server.request(toOlderRequest(message), {
    onAnswer: (outcome) => answer(toNewerOutcome(message, outcome, greeting)),
    onFailure: (failure) => exchange.fail(message['id'], failure),
    onProgress: (notification) => void exchange.send(notification),
  });
  return () => call?.cancel();
}

/** For a server that speaks the revision itself. @returns The function that ends what was begun. */
function passOn(message: JsonObject, server: InitializedServer, exchange: Exchange): () => void {
  const { id } = message;
  let call: Call | undefined;
  /** A subscription is named by the id of its request, which the child process knows by another. */
  const restore = (sent: JsonObject): JsonObject =>
    metaNames.subscriptionId in metaOf(sent)
      ? withMeta(sent, { [metaNames.subscriptionId]: id })
      : sent;
  const stopListening = server.listen((notification) => {
    const named = metaOf(notification)[metaNames.subscriptionId];
    if (call !== undefined && named === call.id) exchange.send(restore(notification));
  });
  call = server.request(message, {
    onAnswer({ result, ...others }) {
      const outcome =
        result === undefined ? others : { result: restore({ params: result })['params'] };
      exchange.answer({ jsonrpc: '2.0', id, ...outcome });
    },
    onFailure: (failure) => exchange.fail(id, failure),
    onProgress: (notification) => void exchange.send(notification),
  });
  return () => {
    stopListening();
    call?.cancel();
  };
}
