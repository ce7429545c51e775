/** What a child process asks the client: sampling, elicitation, roots. The client answers in a later POST. */
import { errorCodes, errorMessage, type JsonObject, member } from './messages.ts';

/** Where a message was sent, so that what belongs to it can follow. */
export type Route = (message: JsonObject) => void;

/** The requests of one child process that a client has not answered. */
export interface ServerRequests {
  /** Writes the id anew. The first argument is what the child process sent. */
  ask(message: JsonObject, route: Route): void;
  /** @returns What to send to the child process. `undefined`: the client answered nothing that was asked. */
  readAnswer(message: JsonObject): JsonObject | undefined;
  /** Tells the client that the child process no longer waits. @returns Whether the request was known. */
  cancel(notification: JsonObject): boolean;
}

const maximumWaiting = 100;

/** @param refuse Called with the error for the oldest request when too many wait. */
export function createServerRequests(refuse: (answer: JsonObject) => void): ServerRequests {
  const waiting = new Map<number, { readonly serverId: unknown; readonly route: Route }>();
  let lastId = 0;

  return {
    ask(message, route) {
      for (const [id, { serverId }] of waiting) {
        if (waiting.size < maximumWaiting) break;
        waiting.delete(id);
        refuse(errorMessage(serverId, errorCodes.internal, 'The client did not answer'));
      }
      lastId += 1;
      waiting.set(lastId, { serverId: message['id'], route });
      route({ ...message, id: lastId });
    },

    readAnswer(message) {
      const id = member(message, 'id');
      const found = typeof id === 'number' ? waiting.get(id) : undefined;
      if (found === undefined) return undefined;
      waiting.delete(id as number);
      return { ...message, id: found.serverId };
    },

    cancel(notification) {
      const requestId = member(notification['params'], 'requestId');
      for (const [id, { serverId, route }] of waiting) {
        if (serverId !== requestId) continue;
        waiting.delete(id);
        const params = { ...(notification['params'] as JsonObject), requestId: id };
        route({ ...notification, params });
        return true;
      }
      return false;
    },
  };
}
