/** The contract between a gate and whatever gets tokens for the APIs behind a server. */
import type { Secret } from '../secrets/secret.ts';

/** A token for one upstream API. No other API accepts it. */
export interface UpstreamToken {
  /** To be sent as `Authorization: Bearer`. */
  readonly token: Secret;
  /** Seconds since the epoch; `undefined` where the authorization server did not say. */
  readonly expiresAt: number | undefined;
  /** Granted scopes; those that were asked for where the authorization server did not say. */
  readonly scopes: ReadonlySet<string>;
}

/** What an exchange may use. */
export interface TokenExchangeContext {
  /** Until when the caller's token is good, in seconds since the epoch: nothing is kept for longer. */
  readonly expiresAt: number;
  /** Aborts when the caller no longer needs the answer. */
  readonly signal: AbortSignal;
}

/**
 * Exchanges the caller's token for one of an upstream API (RFC 8693), so that no tool
 * passes on the token that was issued for this server.
 */
export interface TokenExchange {
  /**
   * @param subjectToken The caller's token, which was found good.
   * @param target One of the upstream APIs that were declared, by the server's own name for it.
   * @throws When there is no such target, or no token for it. Its message is fixed text.
   */
  exchange(
    subjectToken: Secret,
    target: string,
    context: TokenExchangeContext,
  ): Promise<UpstreamToken>;
  /** Releases sockets. Called once, at shutdown. */
  close?(): Promise<void>;
}
