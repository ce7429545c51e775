/** Why an upstream has no answer for a client. Always 503: it is never the client's fault. */

/** The closed list of reasons. Events and `health()` name one. */
export type FaultReason =
  /** Nothing listens at the address. */
  | 'connection_refused'
  | 'name_not_found'
  /** The certificate, or the protocol of the connection. */
  | 'tls'
  /** The connection ended before the answer did. */
  | 'connection_lost'
  | 'timeout'
  /** Not HTTP, or header fields without end. */
  | 'malformed_http'
  /** The proxy follows no redirect. */
  | 'redirect'
  /** 401, 403 or 407: the upstream refuses the proxy, and not the client. */
  | 'credentials_refused'
  /** 401, 403 or 407 to an anonymous caller, for whom there is no assertion. */
  | 'anonymous_refused'
  | 'status'
  /** Not JSON and not an event stream, such as a page for signing in. */
  | 'content_type'
  | 'content_encoding'
  /** JSON that is no JSON-RPC message, or cut off. */
  | 'body'
  | 'too_large'
  /** The proxy has as many requests under way as it may. */
  | 'busy'
  | 'closed'
  | 'other';

/** One failed request. */
export interface Fault {
  readonly reason: FaultReason;
  /** The upstream's status, where it is the reason. */
  readonly status?: number;
  /** How long the upstream wants the client to wait. */
  readonly retryAfterSeconds?: number | undefined;
}

const reasons: Readonly<Record<string, FaultReason>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  EHOSTDOWN: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  UND_ERR_SOCKET: 'connection_lost',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connection_lost',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'malformed_http',
  UND_ERR_CLOSED: 'closed',
  UND_ERR_DESTROYED: 'closed',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
};

/** Names the reason of an error of undici or the operating system. */
export function reasonOf(error: unknown): FaultReason {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  // What is no HTTP has no code in undici 7.
  if (name === 'HTTPParserError') return 'malformed_http';
  const known = String(code);
  if (Object.hasOwn(reasons, known)) return reasons[known] as FaultReason;
  return /CERT|TLS|SSL|UNABLE_TO/.test(known) ? 'tls' : 'other';
}
