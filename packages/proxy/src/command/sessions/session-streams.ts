/** The streams of one session, and which of them a client may resume. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventStream, type EventStream, readEventId } from '../messages/event-stream.ts';

/** The streams of one session. */
export interface SessionStreams {
  /** For messages that belong to no request. It lasts as long as the session. */
  readonly general: EventStream;
  nextId(): string;
  /** Keeps the stream of a POST, so that it can be resumed. */
  add(id: string, stream: EventStream): void;
  /** Answers a GET: resumes the stream that `Last-Event-ID` names, or opens the general one. */
  open(request: IncomingMessage, response: ServerResponse): void;
  end(): void;
}

const generalId = 'g';
// A client that lost its connection comes back within seconds, or not at all.
const mostKept = 16;

export function createSessionStreams(): SessionStreams {
  const general = createEventStream({ id: generalId });
  const kept = new Map<string, EventStream>();
  let last = 0;

  return {
    general,

    nextId() {
      last += 1;
      return `p${last.toString(36)}`;
    },

    add(id, stream) {
      kept.set(id, stream);
      for (const [oldId, old] of kept) {
        if (kept.size <= mostKept) break;
        if (old.isEnded) kept.delete(oldId);
      }
    },

    open({ headers }, response) {
      const field = headers['last-event-id'];
      const seen = typeof field === 'string' ? readEventId(field) : undefined;
      const named = seen && (seen.stream === generalId ? general : kept.get(seen.stream));
      if (seen === undefined || named === undefined) general.attach(response);
      else named.attach(response, seen.sequence);
    },

    end() {
      general.end();
      for (const stream of kept.values()) stream.end();
      kept.clear();
    },
  };
}
