/** The contract between the guard and conditions besides scopes, such as denial, policies and quotas. */
import type { AuthError } from '../errors.ts';
import type { Principal } from '../token/token-verifier.ts';
import type { Operation } from './guard-contract.ts';

/** Who wants to do what. */
export interface RuleRequest {
  readonly principal: Principal;
  /** `readCalls` of `@sallyport/mcp-adapter` lists what its message asks for. */
  readonly operation: Operation;
  /** `GuardRequest.clientKey`. */
  readonly clientKey: string | undefined;
  /** The current time, in seconds since the epoch. */
  readonly nowSeconds: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal | undefined;
}

/**
 * A condition that an operation must meet after its scopes. The guard asks its rules in order, and stops at the
 * first refusal.
 *
 * @example
 * ```ts
 * const maintenance: AuthorizationRule = {
 *   name: 'maintenance',
 *   check: () => (isClosed() ? new AuthError('policy_denied', { detail: 'closed' }) : undefined),
 * };
 * ```
 */
export interface AuthorizationRule {
  /** A constant such as `denial`; never taken from a request. */
  readonly name: string;
  /**
   * Returns `undefined` to allow, or the error to refuse with.
   *
   * The guard answers 503 when it throws, returns anything else, or takes more than 5 seconds. Return an error to
   * refuse: a thrown one may come from another part, and says nothing of this caller.
   */
  check(request: RuleRequest): AuthError | undefined | Promise<AuthError | undefined>;
  /**
   * Watches a request that {@link check} allowed for as long as it is answered, such as an open stream. The rule
   * calls `end` when it refuses the request by now. It may do so before it returns.
   *
   * @returns A function that stops watching.
   */
  watch?(request: RuleRequest, end: (refusal: AuthError) => void): () => void;
  /** Fetches what {@link check} needs, so that the first client does not wait for it. It never rejects. */
  prepare?(): Promise<void>;
  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
