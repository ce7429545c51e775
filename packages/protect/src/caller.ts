import { ConfigError, type UpstreamToken } from '@sallyport/core';

/** The caller of a tool. */
export interface Caller {
  /** The authorization server that vouches for the rest. */
  readonly issuer: string;
  /** Unique within {@link issuer} only. Key records on both. */
  readonly subject: string;
  /** The OAuth client. Equals {@link subject} for clients that act for themselves. */
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Verified claims of the token that have no field of their own. */
  readonly claims: Readonly<Record<string, unknown>>;
  /**
   * Gets a token of the caller's for an API behind this server, from the setting `tokenExchange`.
   *
   * @param target The API, as the exchange declares it.
   * @throws {TokenExchangeError} When there is no token. `code` says why, and the event says more to the operator.
   * @throws {ConfigError} When the server has no `tokenExchange`.
   */
  upstreamToken(target: string): Promise<UpstreamToken>;
}

/** The part of the SDKs' `AuthInfo` that says who is calling. */
interface CallingAuthInfo {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * What SDK v1 hands to a tool beside its arguments (`extra`), or SDK v2 (`context`), or a request of Express
 * behind the gate, as `{ authInfo: request.auth }`.
 */
export interface CallContext {
  /** SDK v1. */
  readonly authInfo?: CallingAuthInfo | undefined;
  /** SDK v2. */
  readonly http?: { readonly authInfo?: CallingAuthInfo | undefined } | undefined;
}

type Exchange = (target: string) => Promise<UpstreamToken>;

/**
 * Tells a tool who is calling.
 *
 * @example
 * ```ts
 * server.registerTool('read_note', options, (arguments, extra) => {
 *   const { issuer, subject } = callerOf(extra);
 *   return readNote(arguments.id, { issuer, subject });
 * });
 * ```
 * @throws {ConfigError} When the call did not come through the gate, such as over stdio, or the caller is anonymous.
 */
export function callerOf(extra: CallContext): Caller {
  const caller = optionalCallerOf(extra);
  if (caller !== undefined) return caller;
  throw new ConfigError(
    'protect.callerOf',
    'the call did not come through the gate, so there is no caller. Put protect in front of this server, and hand the second argument of the tool to callerOf. A tool on the anonymous list also has no caller without a token: use optionalCallerOf there',
  );
}

/**
 * Tells a tool of the anonymous list who is calling.
 *
 * @returns `undefined` for an anonymous caller, and for a call that did not come through the gate.
 */
export function optionalCallerOf(extra: CallContext): Caller | undefined {
  const authInfo = extra?.authInfo ?? extra?.http?.authInfo;
  const { issuer, subject, claims, upstreamToken } = authInfo?.extra ?? {};
  if (authInfo === undefined || typeof issuer !== 'string' || typeof subject !== 'string') {
    return undefined;
  }
  return {
    issuer,
    subject,
    clientId: authInfo.clientId,
    scopes: new Set(authInfo.scopes),
    claims: typeof claims === 'object' && claims !== null ? { ...claims } : {},

    async upstreamToken(target) {
      if (typeof upstreamToken === 'function') return (upstreamToken as Exchange)(target);
      throw new ConfigError(
        'protect.tokenExchange',
        'is missing: without it there are no tokens for other APIs. Set it to createTokenExchange({ … }) of @sallyport/token-exchange',
      );
    },
  };
}
