/** All sessions of one upstream: each begins with `initialize` and has a child process. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessageFilter } from '../../lists/filter-lists.ts';
import type { Caller } from '../caller.ts';
import { writeEmpty, writeFault, writeJson } from '../messages/http-answers.ts';
import { isRequest, type JsonObject } from '../messages/messages.ts';
import { isInitialize } from '../messages/revision.ts';
import type { Refusal } from '../process/process-pool.ts';
import { createSession, type Session } from './session.ts';
import type { OpenedServer, ServerOpener } from './session-server.ts';

/** Answers the requests of revisions that have sessions. */
export interface Sessions {
  handle(request: IncomingMessage, response: ServerResponse, posted: PostedMessage): Promise<void>;
  end(): void;
  readonly size: number;
}

/** Who sent what. */
export interface PostedMessage {
  readonly caller: Caller;
  /** `undefined` for GET and DELETE. */
  readonly body: unknown;
  /** For the answers. `undefined`: they pass as they are. */
  readonly filter: MessageFilter | undefined;
}

/** Options for {@link createSessions}. */
export interface SessionsOptions {
  readonly openServer: ServerOpener;
  /** Clock, in milliseconds. */
  readonly monotonicNow: () => number;
}

interface OpenSession {
  readonly session: Session;
  readonly caller: Caller;
  readonly server: OpenedServer;
  lastUsedAt: number;
}

// Enough for every client of one person. A session with a process of its own has a closer limit.
const maximumPerUser = 32;

export function createSessions({ openServer, monotonicNow }: SessionsOptions): Sessions {
  const open = new Map<string, OpenSession>();

  async function begin(
    response: ServerResponse,
    message: JsonObject,
    caller: Caller,
  ): Promise<void> {
    const id = randomUUID();
    const { id: requestId } = message;
    let server: OpenedServer | undefined;
    const session = createSession({
      request: (sent, receiver) => server?.port.request(sent, receiver),
      notify: (sent) => server?.port.notify(sent) === true,
    });
    const begunAt = monotonicNow();
    const opened = await openServer({
      caller,
      message,
      response,
      session,
      lastUsedAt: () => open.get(id)?.lastUsedAt ?? begunAt,
      onEnd() {
        open.delete(id);
        session.end();
      },
    });
    if ('fault' in opened) return refuse(response, requestId, opened);
    server = opened;
    const { outcome } = opened;
    if (outcome.result === undefined || response.destroyed) opened.end();
    else {
      makeRoom(caller);
      open.set(id, { session, caller, server, lastUsedAt: monotonicNow() });
      response.setHeader('Mcp-Session-Id', id);
    }
    writeJson(response, 200, JSON.stringify({ jsonrpc: '2.0', id: requestId, ...outcome }));
  }

  /** Ends the session that the user has not used for the longest time, if there are too many. */
  function makeRoom({ user }: Caller): void {
    const own = [...open].filter(([, { caller }]) => caller.user === user);
    const tooMany = Math.max(0, own.length + 1 - maximumPerUser);
    own.sort(([, left], [, right]) => left.lastUsedAt - right.lastUsedAt);
    for (const oldest of own.slice(0, tooMany)) close(...oldest);
  }

  function close(id: string, { session, server }: OpenSession): void {
    open.delete(id);
    session.end();
    server.end();
  }

  function find(request: IncomingMessage, response: ServerResponse, posted: PostedMessage) {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      writeFault(response, 'session_missing', { id: idOf(posted.body) });
      return undefined;
    }
    const found = open.get(id);
    // The gate has verified the owner. An id that it let pass for somebody else must not matter either.
    if (found?.caller.owner !== posted.caller.owner) {
      writeFault(response, 'session_unknown', { id: idOf(posted.body) });
      return undefined;
    }
    found.lastUsedAt = monotonicNow();
    return found;
  }

  return {
    get size() {
      return open.size;
    },

    async handle(request, response, posted) {
      const { body, caller } = posted;
      if (isInitialize(body)) {
        const message = body as JsonObject;
        if (!isRequest(message)) return writeFault(response, 'initialize_not_request');
        return begin(response, message, caller);
      }
      if (Array.isArray(body) && body.some(isInitialize)) {
        return writeFault(response, 'initialize_in_batch');
      }
      const found = find(request, response, posted);
      if (found === undefined) return;
      if (request.method === 'GET') return found.session.get(request, response);
      if (request.method !== 'DELETE') return found.session.post(request, response, posted);
      close(request.headers['mcp-session-id'] as string, found);
      writeEmpty(response, 200);
    },

    end() {
      for (const { session } of open.values()) session.end();
    },
  };
}

function idOf(body: unknown): unknown {
  return Reflect.get(Object(body), 'id');
}

export function refuse(response: ServerResponse, id: unknown, refusal: Refusal): void {
  const { fault, retryAfterSeconds } = refusal;
  writeFault(response, fault, {
    id,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
