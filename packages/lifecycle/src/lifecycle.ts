/** From the first connection to the last: which requests an HTTP server serves, and when it ends. */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { untilQueueIsAccepted } from './accept-queue.ts';
import { followConnections } from './connections.ts';
import { answerHealth, answerUnavailable } from './lifecycle-answers.ts';

/**
 * `starting`: everything is answered with 503. `ready`: everything is served. `grace`: everything is
 * served, and `/health` is 503. `draining`: requests under way finish, new ones are answered with 503.
 */
export type LifecycleState = 'starting' | 'ready' | 'grace' | 'draining' | 'closed';

/** Options for {@link createLifecycle}. */
export interface LifecycleOptions {
  /** Time between the call of `stop` and `draining`, in seconds. Default 0. */
  readonly graceSeconds?: number;
  /** Longest time that `draining` waits for requests, in seconds. Default 8. */
  readonly drainSeconds?: number;
  /**
   * Time without a byte after which a connection without a request is closed while the server drains,
   * in seconds. Requests that are on their way arrive in it. Default 0.3.
   */
  readonly lingerSeconds?: number;
  /** Ends answers that would not end by themselves. Called often while the server drains. */
  readonly endStreams?: () => void;
}

/** Whether the server can do its work. */
export interface Health {
  readonly isAvailable: boolean;
  /** Why not, as a word of a closed list. `/health` shows it to everybody. */
  readonly reason?: string;
}

/** The life of one server. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /**
   * Begins to serve: `starting` becomes `ready`. Does nothing once the server stops.
   *
   * @param checkHealth Asked by `/health` while the server is ready. Default: it always can.
   */
  serve(listener: RequestListener, checkHealth?: () => Promise<Health>): void;
  /** Stops after the requests under way. Called again, it waits for the same end. */
  stop(options?: LifecycleOptions): Promise<void>;
  /** Closes all connections at once, also those that wait for an answer. */
  cut(): void;
}

const stepMs = 10;
const longestServingMs = 250;
// Only a process that gets almost no CPU needs so long.
const longestAcceptingMs = 5_000;
// A flood of connections must not keep the port open.
const longestLateMs = 100;

/** Takes over the requests of a server. Call it before the server listens. HTTP/1.1 only. */
export function createLifecycle(server: Server): Lifecycle {
  const connections = followConnections(server);
  const hurry = new AbortController();
  let state: LifecycleState = 'starting';
  let listener: RequestListener | undefined;
  let checkHealth: (() => Promise<Health>) | undefined;
  let stopped: Promise<void> | undefined;

  server.on('request', (request, response) => {
    if (connections.isTooLate(request)) return void request.resume();
    if (isHealthCheck(request)) return void answerHealth(response, state, checkHealth);
    if (listener === undefined || state === 'draining' || state === 'closed') {
      return answerUnavailable(request, response, state);
    }
    return listener(request, response);
  });

  /** Waits until no connection has come for three turns of the event loop: libuv accepts one in each turn. */
  async function acceptWaiting(longestMs: number): Promise<void> {
    const end = performance.now() + longestMs;
    for (let quiet = 0; quiet < 3 && performance.now() < end; ) {
      const { accepted } = connections;
      await turn();
      quiet = connections.accepted === accepted ? quiet + 1 : 0;
    }
  }

  /** Accepts what came before this call: closing the port resets the connections in the queue of the kernel. */
  async function acceptEarlier(): Promise<void> {
    const isCertain = await untilQueueIsAccepted(server, longestAcceptingMs);
    if (!isCertain) return acceptWaiting(longestServingMs);
    // The request of a connection is read one turn after it was accepted.
    await turn();
    await turn();
  }

  async function drain(options: LifecycleOptions): Promise<void> {
    const { graceSeconds = 0, drainSeconds = 8, lingerSeconds = 0.3 } = options;
    const { endStreams = () => {} } = options;
    const [drainMs, lingerMs] = [drainSeconds * 1_000, lingerSeconds * 1_000];
    if (state === 'ready' && graceSeconds > 0) {
      state = 'grace';
      connections.closeAfterAnswers();
      await sleep(graceSeconds * 1_000, undefined, { signal: hurry.signal }).catch(() => {});
    }
    // These came before the signal, so they are served.
    const accepting = acceptEarlier();
    await Promise.race([accepting, sleep(longestServingMs, undefined, { ref: false })]);
    state = 'draining';
    connections.closeAfterAnswers();
    const begun = performance.now();
    await accepting;
    await acceptWaiting(longestLateMs);
    // That of http.Server would also cut connections on which a request may be arriving.
    NetServer.prototype.close.call(server);
    while (connections.open > 0) {
      const elapsed = performance.now() - begun;
      endStreams();
      if (elapsed >= lingerMs) connections.closeIdle(lingerMs);
      if (elapsed >= drainMs || hurry.signal.aborted) connections.closeAll();
      await sleep(stepMs);
      // The event loop reads what arrived, and then comes back here.
      await turn();
    }
    // Ends its timer.
    server.close();
    state = 'closed';
  }

  return {
    get state() {
      return state;
    },
    serve(given, check) {
      if (state !== 'starting' || stopped !== undefined) return;
      listener = given;
      checkHealth = check;
      state = 'ready';
    },
    stop(options = {}) {
      stopped ??= drain(options);
      return stopped;
    },
    cut: () => hurry.abort(),
  };
}

function isHealthCheck({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url === '/health';
}
