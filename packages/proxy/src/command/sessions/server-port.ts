/** How a session or a caller reaches its child process. */
import type { AnswerReceiver, Call } from '../messages/child-requests.ts';
import type { JsonObject } from '../messages/messages.ts';

export interface ServerPort {
  /**
   * Sends a request.
   *
   * @returns `undefined` when it could not be sent: the receiver has been told so.
   */
  request(message: JsonObject, receiver: AnswerReceiver): Call | undefined;
  /** Sends a notification, or an answer. @returns `false` when the child process did not take it. */
  notify(message: JsonObject): boolean;
}
