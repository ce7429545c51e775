/** What the gate reports to operators. No event holds a byte of a request. */
import { createReporter, type EventListener } from '@sallyport/core';

/** An event of the gate. */
export type GateEvent =
  /** A request was refused for its `Host` or `Origin`. */
  | { readonly type: 'request_forbidden'; readonly field: 'Host' | 'Origin' }
  /** The handler behind the gate failed. `error` is a well-known class name, or `other`. */
  | { readonly type: 'handler_failed'; readonly error: string; readonly code?: string }
  /** The gate itself failed, for example because a function of the application did. The answer is 503. */
  | { readonly type: 'gate_failed'; readonly error: string; readonly code?: string }
  /** The application's function for the client address failed, or returned no string. Reported once. */
  | { readonly type: 'client_address_invalid'; readonly advice: string }
  /** A body parser in front of the gate has read a body and left no JSON value: 400. */
  | { readonly type: 'body_consumed'; readonly advice: string }
  /** A request has fields that proxies add, but `trustedProxyHops` is 0. Reported once. */
  | { readonly type: 'forwarded_ignored'; readonly advice: string }
  /** Requests name another host than the resource. Reported once. */
  | { readonly type: 'host_differs'; readonly advice: string }
  /** The gate is mounted where the metadata address does not lead to it. Reported once. */
  | { readonly type: 'metadata_unreachable'; readonly advice: string }
  /** Two gates with different resources check the same request. Reported once. */
  | { readonly type: 'gates_overlap'; readonly advice: string };

/** Events about the configuration. Each gate reports each of them once. */
type SetUpEvent = Exclude<
  GateEvent['type'],
  'request_forbidden' | 'handler_failed' | 'gate_failed' | 'body_consumed'
>;

const advice: Readonly<Record<SetUpEvent, string>> = {
  client_address_invalid:
    "The client's address must be a text. Until then, clients share one limit.",
  forwarded_ignored:
    'A proxy sends X-Forwarded-For, and trustedProxyHops is 0: all clients share one limit. Set it to the number of proxies that append to X-Forwarded-For. On the Fetch API, set clientAddress.',
  host_differs:
    'Requests name another host than the resource. If clients use it, set the resource to it. Otherwise let the proxy pass on Host: X-Forwarded-Host is not read.',
  metadata_unreachable:
    'The gate is mounted below a path, so clients may not find its metadata. Mount it also at gate.metadataPath.',
  gates_overlap:
    'Two gates with different resources check one request. Mount each gate at the path of its resource and at its metadataPath.',
};

const parserAdvice =
  'A body parser that runs before the gate has read the body and left no JSON value. Mount the gate before it.';

/** Reports events, those about the set-up once. */
export interface GateReporter {
  forbidden(field: 'Host' | 'Origin'): void;
  handlerFailed(error: unknown): void;
  gateFailed(error: unknown): void;
  bodyConsumed(): void;
  once(type: SetUpEvent): void;
}

export function createGateReporter(listener?: EventListener): GateReporter {
  const report = createReporter(listener);
  const told = new Set<SetUpEvent>();
  return {
    forbidden: (field) => report({ type: 'request_forbidden', field }),
    handlerFailed: (error) => report({ type: 'handler_failed', ...describeError(error) }),
    gateFailed: (error) => report({ type: 'gate_failed', ...describeError(error) }),
    bodyConsumed: () => report({ type: 'body_consumed', advice: parserAdvice }),
    once(type) {
      if (told.has(type)) return;
      told.add(type);
      report({ type, advice: advice[type] });
    },
  };
}

const classes: ReadonlySet<string> = new Set([
  ...['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError', 'EvalError'],
  ...['AggregateError', 'AbortError', 'TimeoutError', 'AssertionError', 'SystemError'],
  ...['McpError', 'ProtocolError', 'ZodError', 'SqliteError', 'DatabaseError', 'AuthError'],
]);
const codes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'EHOSTUNREACH'],
  ...['EACCES', 'EPERM', 'ENOENT', 'ENOSPC', 'EMFILE', 'EROFS', 'EBUSY', 'ENOMEM'],
  ...['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_CORRUPT'],
  ...['ERR_SQLITE_ERROR', 'ERR_HTTP_HEADERS_SENT', 'ERR_STREAM_DESTROYED'],
]);

/** Messages and stacks may hold what a client sent, so only names from the lists are reported. */
function describeError(error: unknown): { readonly error: string; readonly code?: string } {
  try {
    // Whatever was thrown: no other value than a name of a list is equal to it.
    const { name, code } = error as { name: string; code: string };
    return { error: classes.has(name) ? name : 'other', ...(codes.has(code) && { code }) };
  } catch {
    return { error: 'other' };
  }
}
