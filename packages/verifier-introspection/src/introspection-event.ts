/** Events of the introspection endpoint, for the operator. They contain no part of a token. */
export type IntrospectionEvent =
  /** The server rejects the credentials of this server. Every token is refused until they are corrected. */
  | { readonly type: 'credentials_refused'; readonly status: number }
  /** The server breaks RFC 7662. */
  | { readonly type: 'protocol_error'; readonly detail: string }
  /** The server stopped answering, or answers again. */
  | { readonly type: 'breaker_opened' }
  | { readonly type: 'breaker_closed' };
