/**
 * The contract between the guard and whatever decides that a bearer token is good.
 *
 * Implement {@link TokenVerifier} to add a verifier; `describeTokenVerifier` from
 * `@sallyport/contract-tests` proves an implementation.
 */

import type { Confirmation, ConfirmationMethod } from '../credentials/confirmation.ts';

/**
 * The verified caller. It does not contain the token, so a tool cannot pass the token on by
 * accident.
 */
export interface Principal {
  /** `iss`: the authorization server that vouches for the rest. Always a trusted one. */
  readonly issuer: string;
  /** `sub`: unique within {@link issuer} only. Key records on both. */
  readonly subject: string;
  /** The OAuth client the token was issued to. Equals {@link subject} for machine tokens. */
  readonly clientId: string;
  /**
   * Every `aud` value. At least one of them is this server; the verifier checked. Where the issuer
   * names no usable audience, the verifier checked the {@link clientId} against a list instead.
   */
  readonly audience: readonly string[];
  /** Granted scopes, one entry each. Empty when the token grants none. */
  readonly scopes: ReadonlySet<string>;
  /**
   * When the principal expires, in seconds since the epoch. It is never later than the token's `exp`. For a
   * token without `exp`, the verifier sets a limit or refuses.
   */
  readonly expiresAt: number;
  /**
   * The key that the token is bound to. Absent for a bearer token. The caller of `verify` must check the
   * proof of possession: it listed the method in {@link VerifyContext.confirmationMethods}.
   */
  readonly confirmation?: Confirmation;
  /** Verified claims that have no field of their own. Read-only. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What one verification may use. Passed in, so that a verifier has no hidden clock or deadline. */
export interface VerifyContext {
  /** The current time, in seconds since the epoch. Use it in place of `Date.now()`. */
  readonly nowSeconds: number;
  /**
   * Aborts when the caller disconnects. The verifier drops work that it has not begun. A request that it
   * already sent to another server may go on. `verify` then settles with the answer, so that the guard
   * still counts a failure.
   */
  readonly signal: AbortSignal;
  /**
   * `false` when the client is over its failure limit. A verifier then answers from what it holds and
   * throws `rate_limited` where it would have to ask. It may ask for a token that it accepted before,
   * and may spend a small budget on other tokens. The budget is bounded per client and in all.
   * This does not apply to keys: they serve all tokens, and the verifier limits how often it fetches them.
   */
  readonly allowRemote: boolean;
  /**
   * Which client asks: `GuardRequest.clientKey`. A verifier that asks over the network shares its
   * capacity fairly among clients by this key. Default: all callers are one client.
   */
  readonly clientKey?: string;
  /**
   * How many more failures the client's limit allows. A verifier sends no more questions of the client
   * at a time. Default: not known.
   */
  readonly failuresLeft?: number;
  /**
   * The bindings whose proof the caller asks for after this. A token that is bound in any other way
   * is refused with `token_sender_constrained`, also when it is remembered from a call that did ask:
   * `readConfirmation` decides it. Default none, so that every bound token is refused.
   */
  readonly confirmationMethods?: ReadonlySet<ConfirmationMethod>;
  /**
   * The longest token that the caller accepts, in bytes. A verifier with a limit for the length of tokens
   * uses this one. Default 8,192.
   */
  readonly maximumTokenBytes?: number;
}

/** What a verifier remembers, in numbers. For gauges. */
export interface VerifierReadings {
  /** Look-ups that the cache answered, since the verifier was made. */
  readonly cacheHits: number;
  /** Look-ups that it could not answer. */
  readonly cacheMisses: number;
  /** Tokens in the cache now, including expired ones that are not evicted yet. */
  readonly cachedTokens: number;
}

/**
 * Turns a bearer token into a {@link Principal}.
 *
 * A verifier checks that the token is authentic, unexpired, from a trusted issuer and meant for
 * this server. It does not check scopes: those depend on the operation, and the guard does that.
 *
 * @example
 * ```ts
 * const verifier: TokenVerifier = {
 *   name: 'passphrase',
 *   async verify(token, { nowSeconds }) {
 *     if (!knows(token)) throw new AuthError('token_inactive');
 *     return Object.freeze({ ...principalOf(token), expiresAt: nowSeconds + 60 });
 *   },
 * };
 * ```
 */
export interface TokenVerifier {
  /** Label for audit events and metrics. A constant such as `jwt`; never taken from a request. */
  readonly name: string;

  /**
   * Verifies one token.
   *
   * Failing to decide is not a verdict: when keys or the authorization server cannot be reached,
   * throw `upstream_unavailable`, never one of the `token_*` codes.
   *
   * @param token The credentials after `Bearer `, already limited to the `b64token` alphabet
   *   (RFC 6750 §2.1) and to {@link VerifyContext.maximumTokenBytes}. Otherwise untrusted.
   * @returns A principal the caller may keep and share. It must not change afterwards.
   * @throws {AuthError} For every refusal. Anything else is reported as `upstream_unavailable`.
   */
  verify(token: string, context: VerifyContext): Promise<Principal>;

  /**
   * Fetches what {@link verify} needs, such as keys, so that the first client does not wait for it.
   * Called once, at the start, and not awaited. It never rejects: it reports a failure as an event, and
   * `verify` tries again.
   */
  prepare?(): Promise<void>;

  /** Absent when the verifier has no cache, or does not count. */
  readings?(): VerifierReadings;

  /** Releases sockets and timers. Called once, at shutdown; `verify` is not called again. */
  close?(): Promise<void>;
}
