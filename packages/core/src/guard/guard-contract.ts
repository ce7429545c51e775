/** The contract of the guard: its options, its requests and its results. */
import type { AuditSink } from '../audit/audit.ts';
import type { EventListener } from '../audit/operational-event.ts';
import type { TraceContext } from '../audit/trace.ts';
import type { CredentialFields } from '../credentials/credentials.ts';
import type { SenderConstraint } from '../credentials/sender-constraint.ts';
import type { PossessionFields } from '../credentials/sender-constraints.ts';
import type { RequestName } from '../scopes/request-name.ts';
import type { ScopePolicy } from '../scopes/scope-policy.ts';
import type { Principal, TokenVerifier } from '../token/token-verifier.ts';
import type { AuthorizationRule } from './authorization-rule.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Refusal } from './refusal.ts';
import type { UnexpectedFailureEvent } from './unexpected-failure.ts';

/** The parts of an HTTP request that the guard looks at. An adapter fills them in. */
export interface GuardRequest extends CredentialFields, PossessionFields {
  /** The client's address, which failures are counted against. The adapter resolves it. */
  readonly clientKey: string;
  /**
   * Aborts when the client closes its connection. The guard then records a request without a decision as
   * `abandoned`, not as an outage.
   */
  readonly signal: AbortSignal;
  /** The trace for audit events, from `readTraceContext`. */
  readonly trace?: TraceContext | undefined;
  /**
   * What a request without credentials asks for, if the adapter knows it. The challenge then names its scopes too.
   */
  readonly operation?: Operation | undefined;
}

/** What a client wants to do, described by the server and never by the client. */
export interface Operation {
  /** The server's own name for it, such as `tools/call write_note`. */
  readonly name: string;
  /** The required scopes, in addition to {@link GuardOptions.requiredScopes}. */
  readonly scopes: readonly string[];
  /** The parsed message or batch that asks for it, for {@link GuardOptions.rules}. */
  readonly message?: unknown;
  /** True if the operation needs no scope, also none of {@link GuardOptions.requiredScopes}. Default false. */
  readonly isPublic?: boolean | undefined;
}

/** A principal, or the refusal to send to the client. */
export type GuardResult =
  | {
      readonly ok: true;
      readonly principal: Principal;
      /** Header fields to add to the answer. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Options for `createGuard`. */
export interface GuardOptions {
  readonly verifier: TokenVerifier;
  readonly rateLimiter: RateLimiter;
  readonly audit: AuditSink;
  readonly scopePolicy: ScopePolicy;
  /** Where this server's RFC 9728 metadata is served; sent in every challenge. Absolute URL. */
  readonly resourceMetadataUrl: string;
  /** Scopes that every operation needs. May be empty. Checkpoint 2 requires them. */
  readonly requiredScopes: readonly string[];
  /**
   * Scopes that a client without a usable token is told to ask for: the minimum for a useful
   * start. Default {@link requiredScopes}.
   */
  readonly initialScopes?: readonly string[];
  /**
   * Check proofs of possession, one for each kind of binding. Default: none, and every token that is bound
   * to its sender is refused.
   */
  readonly senderConstraints?: readonly SenderConstraint[];
  /**
   * Conditions besides scopes. They are asked in this order, each time an operation has the scopes it needs.
   * Default none.
   */
  readonly rules?: readonly AuthorizationRule[];
  /** Maps a scope to the name by which clients request it, for challenges. Default: the same name. */
  readonly requestName?: RequestName;
  /**
   * Longest token that is accepted, in bytes: 1,024 to 65,536. Default 8,192. The verifier uses the same
   * limit. The HTTP server must accept header fields of this size: Node answers 431 to more than 16,384
   * bytes of them, unless `--max-http-header-size` says otherwise.
   */
  readonly maximumTokenBytes?: number;
  /**
   * Receives an event when a part of the guard throws an error that it should not throw. The request
   * is answered 503. Default: the cause is dropped.
   */
  readonly onEvent?: EventListener<UnexpectedFailureEvent>;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Clock for durations, in milliseconds. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

/** The two checkpoints of a request. They never throw. */
export interface Guard {
  /** {@link GuardOptions.resourceMetadataUrl}, serialised. */
  readonly resourceMetadataUrl: string;
  /** {@link GuardOptions.initialScopes}, with the names by which clients request them. */
  readonly initialScopes: readonly string[];
  /** {@link GuardOptions.senderConstraints}. Absent in a guard that accepts every request. */
  readonly senderConstraints?: readonly SenderConstraint[];
  /** Checkpoint 1: turns the header fields of a request into a principal. Call it before you read the body. */
  authenticate(request: GuardRequest): Promise<GuardResult>;
  /**
   * Verifies the token of a request that is still being answered, such as an open stream. It neither asks nor
   * charges the rate limiter, and it may always use the network. If the token is still bound to the key of
   * `principal`, it needs no proof of possession: the first proof has been used.
   *
   * It does not check scopes, and it does not compare the new principal with `principal`. It asks no rule: use
   * {@link watch}.
   *
   * @param principal What {@link authenticate} returned for this request.
   */
  recheck(request: GuardRequest, principal: Principal): Promise<GuardResult>;
  /**
   * Lets the rules watch a request for as long as it is answered. A refusal is recorded.
   *
   * @param request What {@link authenticate} accepted.
   * @param end Called when a rule refuses the request, maybe before this function returns.
   * @returns A function that stops watching.
   */
  watch?(
    principal: Principal,
    operation: Operation,
    request: GuardRequest,
    end: () => void,
  ): () => void;
  /**
   * Checkpoint 2: call it when the operation is known, before any side effect. It returns a promise if the
   * guard has rules, and the operation has its scopes.
   *
   * @param request What {@link authenticate} accepted: for the audit event, and for the rules.
   */
  authorize(
    principal: Principal,
    operation: Operation,
    request?: GuardRequest,
  ): GuardResult | Promise<GuardResult>;
  /**
   * Returns whether {@link authorize} would accept this operation, for lists of tools. It records nothing, so do
   * not use it to authorize. It asks no rule. False when the scope policy fails.
   */
  permits(granted: ReadonlySet<string>, operation: Operation): boolean;
  /** Closes the verifier, the rate limiter and the rules. Call it once, at shutdown. */
  close(): Promise<void>;
}
