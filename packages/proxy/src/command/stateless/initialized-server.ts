/** A child process that the proxy itself has begun to talk to, for callers that have no session with it. */
import type { JsonObject } from '../messages/messages.ts';
import { errorCodes, errorMessage } from '../messages/messages.ts';
import type { Refusal } from '../process/process-pool.ts';
import type { ServerProcess, ServerStarter } from '../process/server-process.ts';
import type { ServerPort } from '../sessions/server-port.ts';
import { type Greeted, greet } from './greeting.ts';

/** Takes what the child process sends without being asked. */
type NotificationListener = (notification: JsonObject) => void;

/** A child process that is ready for requests. */
export interface InitializedServer extends ServerPort, Greeted {
  /**
   * @param onEnd Called when the process is gone.
   * @returns The function that ends the subscription.
   */
  listen(listener: NotificationListener, onEnd?: () => void): () => void;
  touch(): void;
}

/** Whose process it is. */
export interface InitializedUser {
  /** Whom limits and delays after crashes count for. */
  readonly name: string;
  /** Whether it stays when nobody uses it. */
  readonly isPermanent: boolean;
  /** Whether it is asked for the revision without sessions first. */
  readonly prefersStateless: boolean;
  /** `_meta` of the first request: who the client is. */
  readonly meta: JsonObject;
  onEnd(): void;
}

/** Options for {@link startInitializedServer}. */
export interface InitializedServerOptions {
  readonly starter: ServerStarter;
  readonly startTimeoutMs: number;
  /** Clock, in milliseconds. */
  readonly monotonicNow: () => number;
}

export async function startInitializedServer(
  options: InitializedServerOptions,
  user: InitializedUser,
): Promise<InitializedServer | Refusal> {
  const { starter, startTimeoutMs, monotonicNow } = options;
  const listeners = new Map<NotificationListener, (() => void) | undefined>();
  let lastUsedAt = monotonicNow();
  let hasEnded = false;
  let process: ServerProcess | undefined;

  const started = await starter.start({
    name: user.name,
    get isIdle() {
      return !user.isPermanent && listeners.size === 0;
    },
    get lastUsedAt() {
      return lastUsedAt;
    },
    onRequest(message) {
      // Nobody knows which caller it is for, and none of them said that they take it.
      const text = 'No client of this server takes requests';
      process?.notify(errorMessage(message['id'], errorCodes.methodNotFound, text));
    },
    onNotification(message) {
      for (const listener of listeners.keys()) listener(message);
    },
    onEnd() {
      hasEnded = true;
      user.onEnd();
      for (const onEndOfListener of listeners.values()) onEndOfListener?.();
    },
  });
  if ('fault' in started) return started;
  process = started;

  const greeted = await greet(started, user, startTimeoutMs);
  if (greeted === undefined) {
    // The reason stays the process's own if it has ended already.
    void started.end('start_timeout');
    return { fault: 'start_failed' };
  }
  if (hasEnded) return { fault: 'ended' };
  return {
    ...greeted,
    request: started.request,
    notify: started.notify,
    listen(listener, onEnd) {
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    touch() {
      lastUsedAt = monotonicNow();
    },
  };
}
