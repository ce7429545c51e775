/** What becomes of an upstream's answer: the one table of its statuses and content types. */
import { type AnswerFields, mediaType, readRetryAfter } from './answer-fields.ts';
import type { Fault, FaultReason } from './fault.ts';

/** How an answer goes on to the client. */
export type Verdict =
  /** The status alone. */
  | { readonly kind: 'bare'; readonly status: number }
  /** JSON that answers a request: checked where it is small, streamed where it is large. */
  | { readonly kind: 'json'; readonly status: 200 }
  /** A refusal of the MCP server, such as 404 for a session that ended. */
  | { readonly kind: 'refusal'; readonly status: number }
  | { readonly kind: 'events'; readonly status: 200 }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** What the client asked. */
export interface Asked {
  readonly method: string;
  /** Whether the body has a request, which needs an answer. */
  readonly expectsAnswer: boolean;
}

/** What an MCP server says about a message or a session. All others tell of a wrong set-up. */
const refusals: ReadonlySet<number> = new Set([
  ...[400, 404, 405, 406, 408, 409, 410, 413, 415, 422, 429],
]);
const bare: ReadonlySet<number> = new Set([202, 204, 205]);
const credentials: ReadonlySet<number> = new Set([401, 403, 407]);

/** Judges the head of an answer. Interim answers (1xx) are none. */
export function judgeAnswer(asked: Asked, status: number, fields: AnswerFields): Verdict {
  if (status >= 200 && status < 300) return judgeSuccess(asked, status, fields);
  if (status >= 300 && status < 400) return fault('redirect', status, fields);
  if (credentials.has(status)) return fault('credentials_refused', status, fields);
  const type = mediaType(fields);
  // Frameworks answer a route that is missing with a page: this server has no GET stream or no DELETE.
  if (asked.method !== 'POST' && [404, 405, 501].includes(status) && type === 'text/html') {
    return { kind: 'bare', status: 405 };
  }
  if (!refusals.has(status)) return fault('status', status, fields);
  if (isEncoded(fields)) return fault('content_encoding', status, fields);
  return type === 'text/html' ? fault('content_type', status, fields) : { kind: 'refusal', status };
}

function judgeSuccess(asked: Asked, status: number, fields: AnswerFields): Verdict {
  if (asked.method === 'DELETE') return { kind: 'bare', status: bare.has(status) ? status : 200 };
  if (asked.method === 'POST' && !asked.expectsAnswer) return { kind: 'bare', status: 202 };
  if (status !== 200) return fault('status', status, fields);
  if (isEncoded(fields)) return fault('content_encoding', status, fields);
  switch (mediaType(fields)) {
    case 'text/event-stream':
      return { kind: 'events', status };
    case 'application/json':
      return asked.method === 'POST'
        ? { kind: 'json', status }
        : fault('content_type', status, fields);
    default:
      return fault('content_type', status, fields);
  }
}

/** The proxy asks for `identity`. */
function isEncoded(fields: AnswerFields): boolean {
  const encoding = fields['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

function fault(reason: FaultReason, status: number, fields: AnswerFields): Verdict {
  return { kind: 'fault', fault: { reason, status, retryAfterSeconds: readRetryAfter(fields) } };
}
