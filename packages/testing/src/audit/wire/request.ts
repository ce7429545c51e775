/** A request as data. It becomes bytes exactly as it is written: nothing is corrected. */

/** Header fields in the order in which they are sent. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** One request of an audit. */
export interface AuditRequest {
  readonly method: string;
  /** The request target, such as `/mcp`. */
  readonly target: string;
  readonly fields: Fields;
  /** Default none. Its length is added as a field, unless `fields` frame the body. */
  readonly body?: string | Uint8Array;
  /** Default 1. */
  readonly http?: 1 | 2;
  /** Sent in place of the request line. */
  readonly requestLine?: string;
  /** Bytes after the body: another request, or what the framing does not cover. */
  readonly trailing?: string;
  /** Reads until the server closes, so that all answers are seen. */
  readonly readsAll?: boolean;
  /** Sends only so many bytes, and leaves the connection open. */
  readonly stopsAfter?: 'first-field' | 'head';
  /** How long to wait for an answer, in milliseconds. Default: the option of the audit. */
  readonly timeoutMs?: number;
}

const framing = /^(?:content-length|transfer-encoding)\s*$/i;

/** Writes the request for HTTP/1.1. */
export function toBytes(request: AuditRequest): Buffer {
  const { method, target, fields, body, requestLine, trailing = '', stopsAfter } = request;
  const first = requestLine ?? `${method} ${target} HTTP/1.1`;
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body as string);
  const needsLength = body !== undefined && !fields.some(([name]) => framing.test(name));
  const all: Fields = needsLength ? [...fields, ['Content-Length', `${bytes.length}`]] : fields;
  // A field without a name is a line as it is.
  const lines = all.map(([name, value]) => (name === '' ? value : `${name}: ${value}`));
  if (stopsAfter === 'first-field') return latin1(`${first}\r\n${lines[0] ?? ''}\r\n`);
  const head = latin1(`${[first, ...lines].join('\r\n')}\r\n\r\n`);
  if (stopsAfter === 'head') return head;
  return Buffer.concat([head, bytes, latin1(trailing)]);
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
