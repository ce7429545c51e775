/** The server of a session: a child process of its own, or the one that all callers share. */
import type { ServerResponse } from 'node:http';
import type { Caller } from '../caller.ts';
import { faultMessage } from '../messages/http-answers.ts';
import { isNotification, isObject, type JsonObject, type Outcome } from '../messages/messages.ts';
import type { Refusal } from '../process/process-pool.ts';
import type { ServerProcess, ServerStarter } from '../process/server-process.ts';
import { type InitializedServers, isReady } from '../stateless/initialized-servers.ts';
import type { ServerPort } from './server-port.ts';
import type { Session } from './session.ts';

/** What a session begins with. */
interface SessionStart {
  readonly caller: Caller;
  /** The client's `initialize`. */
  readonly message: JsonObject;
  readonly response: ServerResponse;
  readonly session: Session;
  readonly lastUsedAt: () => number;
  /** Called when the server is gone. */
  readonly onEnd: () => void;
}

/** A server that has answered `initialize`. */
export interface OpenedServer {
  readonly port: ServerPort;
  readonly outcome: Outcome;
  end(): void;
}

export type ServerOpener = (start: SessionStart) => Promise<OpenedServer | Refusal>;

/** Gives each session a child process of its own. */
export function ownServers(starter: ServerStarter, startTimeoutMs: number): ServerOpener {
  return async ({ caller, message, response, session, lastUsedAt, onEnd }) => {
    const process = await starter.start({
      name: caller.user,
      get isIdle() {
        return session.isIdle;
      },
      get lastUsedAt() {
        return lastUsedAt();
      },
      onRequest: session.onRequest,
      onNotification: session.onNotification,
      onEnd,
    });
    if ('fault' in process) return process;
    const outcome = await initialize(process, { message, response, startTimeoutMs });
    const end = () => void process.end('session_over');
    if (outcome !== undefined) return { port: process, outcome, end };
    // A client that has gone is no failure of the process.
    void process.end(response.destroyed ? 'session_over' : 'start_timeout');
    return { fault: 'start_failed' };
  };
}

/** @returns `undefined` when the process ended, did not answer in time, or the client has gone. */
async function initialize(
  process: ServerProcess,
  { message, response, startTimeoutMs }: InitializeContext,
): Promise<Outcome | undefined> {
  const { promise, resolve } = Promise.withResolvers<Outcome | undefined>();
  const giveUp = () => resolve(undefined);
  response.once('close', giveUp);
  const receiver = { onAnswer: resolve, onFailure: giveUp, onProgress() {} };
  process.request(message, receiver, startTimeoutMs);
  try {
    return await promise;
  } finally {
    response.off('close', giveUp);
  }
}

interface InitializeContext extends Pick<SessionStart, 'message' | 'response'> {
  readonly startTimeoutMs: number;
}

// They would set or show something for every caller.
const notShared: ReadonlySet<unknown> = new Set([
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/cancel',
  'tasks/get',
  'tasks/list',
  'tasks/result',
]);
const changes = /^notifications\/(?:tools|prompts|resources)\/list_changed$/;

/** Gives all sessions the same child process. What it sends unasked reaches nobody, except changes of its lists. */
export function sharedServer(servers: InitializedServers): ServerOpener {
  return async ({ caller, message, session, onEnd }) => {
    const server = await servers.find(caller, message);
    if (!isReady(server)) return server;
    const stopListening = server.listen((notification) => {
      if (changes.test(String(notification['method']))) session.onNotification(notification);
    }, onEnd);
    const port: ServerPort = {
      request(sent, receiver) {
        server.touch();
        if (!notShared.has(sent['method'])) return server.request(sent, receiver);
        receiver.onAnswer({ error: faultMessage(null, 'method_unknown')['error'] });
        return undefined;
      },
      // One caller's notification must not change what the server does for the others.
      notify: (sent) => isNotification(sent),
    };
    return { port, outcome: { result: withoutPersonal(server.greeting) }, end: stopListening };
  };
}

/** The answer to `initialize`, without capabilities that one caller would use for all. */
function withoutPersonal(greeting: JsonObject): JsonObject {
  const { capabilities } = greeting;
  if (!isObject(capabilities)) return greeting;
  const { logging, tasks, resources, ...others } = capabilities;
  if (!isObject(resources)) return { ...greeting, capabilities: others };
  const { subscribe, ...rest } = resources;
  return { ...greeting, capabilities: { ...others, resources: rest } };
}
