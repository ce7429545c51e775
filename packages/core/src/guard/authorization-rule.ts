/** The contract between the guard and conditions besides scopes, such as denial, policies and quotas. */
import type { AuthError } from '../errors.ts';
import type { Principal } from '../token/token-verifier.ts';

/** What one message of a request asks for, as its sender wrote it. */
export interface Call {
  /** What {@link name} names. `method` stands for everything without a tool, prompt or resource. */
  readonly kind: 'tool' | 'prompt' | 'resource' | 'method';
  /** The method of the message, such as `tools/call`. */
  readonly method: string;
  /** The name of the tool or prompt, the URI of the resource, or {@link method}. Empty if it is not a string. */
  readonly name: string;
  /** The arguments of a tool or prompt, and otherwise the parameters. A client wrote them: any JSON value. */
  readonly arguments: unknown;
  /**
   * True for another spelling of the resource of the call before, such as `file:///secret` after
   * `file:///public/../secret`. Judge it like every call, and do not count it.
   */
  readonly isAlias?: boolean;
}

/** What a caller wants to do. */
export interface RuleRequest {
  readonly principal: Principal;
  /** The server's own name for the operation, such as `tools/call write_note`. */
  readonly operation: string;
  /** `Operation.calls`. */
  readonly calls: readonly Call[];
  /** `GuardRequest.clientKey`. */
  readonly clientKey?: string | undefined;
  /** The current time, in seconds since the epoch. */
  readonly nowSeconds: number;
  /** Aborts when the client disconnects. */
  readonly signal?: AbortSignal | undefined;
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
   * The guard answers 503 when it throws, returns anything else, or takes more than 5 seconds. Return
   * an error to refuse: a thrown one may come from another part, and says nothing of this caller.
   */
  check(request: RuleRequest): AuthError | undefined | Promise<AuthError | undefined>;
  /** Whether `Guard.recheck` asks this rule about open streams. Default false. */
  readonly appliesToOpenStreams?: boolean;
  /**
   * Watches an open stream between two calls of `Guard.recheck`. The rule calls `end` as soon as it refuses the
   * stream. It may do so before it returns.
   *
   * @returns A function that stops watching.
   */
  watch?(request: RuleRequest, end: (reason: AuthError) => void): () => void;
  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
