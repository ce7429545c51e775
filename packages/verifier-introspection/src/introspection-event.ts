/** What an operator should know of the introspection endpoint. Nothing of a token is in it. */
export type IntrospectionEvent =
  /** The server does not take our credentials: nobody gets in until that is put right. */
  | { readonly type: 'credentials_refused'; readonly status: number }
  /** The server breaks RFC 7662. */
  | { readonly type: 'protocol_error'; readonly detail: string }
  /** The server is away, and is asked from time to time only; or it is back. */
  | { readonly type: 'breaker_opened' }
  | { readonly type: 'breaker_closed' };
