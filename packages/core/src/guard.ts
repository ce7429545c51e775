/** The one order of checks. Nothing else in this project decides how a request is answered. */
import type { AuditEvent, AuditSink } from './audit.ts';
import { type Checks, check } from './check.ts';
import {
  type CredentialFields,
  type CredentialScheme,
  extractCredentials,
  schemeOf,
} from './credentials.ts';
import { AuthError, authErrorAnswers, ConfigError, isAuthError } from './errors.ts';
import { applyLimit, ask } from './failure-limit.ts';
import { createReporter, type EventListener } from './operational-event.ts';
import { checkOptions } from './options.ts';
import type { RateLimiter, RateLimitQuota } from './rate-limiter.ts';
import { abandonedRefusal, type Refusal, toRefusal } from './refusal.ts';
import { createRequestName, type RequestName } from './request-name.ts';
import { assertScopes, type ScopePolicy } from './scope-policy.ts';
import type { SenderConstraint } from './sender-constraint.ts';
import { createSenderConstraints, type PossessionFields } from './sender-constraints.ts';
import type { Principal, TokenVerifier } from './token-verifier.ts';
import type { TraceContext } from './trace.ts';
import {
  describeFailure,
  type FailureSource,
  type UnexpectedFailureEvent,
} from './unexpected-failure.ts';

/** The parts of an HTTP request that the guard looks at. An adapter fills them in. */
export interface GuardRequest extends CredentialFields, PossessionFields {
  /** What failures are counted against: the client's address, resolved by the adapter. */
  readonly clientKey: string;
  /**
   * Aborts when the client closed its connection. What cannot be decided any more is then recorded as
   * `abandoned`, and never as an outage.
   */
  readonly signal: AbortSignal;
  /** For the audit events, and nothing else. `readTraceContext` makes one. */
  readonly trace?: TraceContext | undefined;
}

/** What a client wants to do, described by the server and never by the client. */
export interface Operation {
  /** The server's own name for it, such as `tools/call write_note`. */
  readonly name: string;
  /** All of them are required, besides {@link GuardOptions.requiredScopes}. */
  readonly scopes: readonly string[];
}

/** Either a principal, or the answer to send instead of one. */
export type GuardResult =
  | {
      readonly ok: true;
      readonly principal: Principal;
      /** For the answer to the request, whatever it will be. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Options for {@link createGuard}. */
export interface GuardOptions {
  readonly verifier: TokenVerifier;
  readonly rateLimiter: RateLimiter;
  readonly audit: AuditSink;
  readonly scopePolicy: ScopePolicy;
  /** Where this server's RFC 9728 metadata is served; sent in every challenge. Absolute URL. */
  readonly resourceMetadataUrl: string;
  /** Scopes that every operation needs. May be empty: then any valid token passes gate one. */
  readonly requiredScopes: readonly string[];
  /**
   * Scopes that a client without a usable token is told to ask for: the minimum for a useful
   * start. Default {@link requiredScopes}.
   */
  readonly initialScopes?: readonly string[];
  /**
   * Who asks for proofs of possession: one for each kind of binding. Default nobody, so that every
   * token that is bound to a sender is refused.
   */
  readonly senderConstraints?: readonly SenderConstraint[];
  /** How clients call a scope when they ask for it; used in challenges. Default the same name. */
  readonly requestName?: RequestName;
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

const optionChecks: Checks<GuardOptions> = {
  verifier: check.verifier,
  rateLimiter: check.rateLimiter,
  audit: check.audit,
  scopePolicy: check.scopePolicy,
  resourceMetadataUrl: check.text,
  requiredScopes: check.texts,
  initialScopes: check.optional(check.texts),
  senderConstraints: check.optional(check.listOf(check.senderConstraint)),
  requestName: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/** The two checkpoints of a request. Neither ever throws. */
export interface Guard {
  /** {@link GuardOptions.resourceMetadataUrl}, serialised. */
  readonly resourceMetadataUrl: string;
  /** {@link GuardOptions.initialScopes}, by the names that clients ask for. */
  readonly initialScopes: readonly string[];
  /** {@link GuardOptions.senderConstraints}. Left out by a guard that lets everybody in. */
  readonly senderConstraints?: readonly SenderConstraint[];
  /** Headers in, principal out. Call it before the body is read. */
  authenticate(request: GuardRequest): Promise<GuardResult>;
  /**
   * Call it once the operation is known, before any side effect of it.
   *
   * @param trace {@link GuardRequest.trace}.
   */
  authorize(principal: Principal, operation: Operation, trace?: TraceContext): GuardResult;
  /**
   * Whether {@link authorize} would let this operation pass. For showing, never for letting in: nothing
   * is recorded. False when the scope policy fails.
   */
  permits(granted: ReadonlySet<string>, operation: Operation): boolean;
  /** Releases what the verifier and the limiter hold. Called once, at shutdown. */
  close(): Promise<void>;
}

/**
 * Composes verifier, limiter, scope policy and audit into the two checkpoints. Each checkpoint
 * writes exactly one audit event.
 *
 * @throws {ConfigError} When an option is missing, unknown or of the wrong type, the metadata URL
 *   is not absolute, or a scope is not one.
 */
export function createGuard(given: GuardOptions): Guard {
  const options = checkOptions('guard', given, optionChecks);
  const { verifier, rateLimiter, audit, scopePolicy, requiredScopes, now = Date.now } = options;
  const { initialScopes = requiredScopes, monotonicNow = () => performance.now() } = options;
  if (!URL.canParse(options.resourceMetadataUrl)) {
    throw new ConfigError('guard.resourceMetadataUrl', 'must be an absolute URL');
  }
  // Serialised, so that nothing in it needs escaping inside a challenge.
  const resourceMetadataUrl = new URL(options.resourceMetadataUrl).href;
  assertScopes('guard.requiredScopes', requiredScopes);
  assertScopes('guard.initialScopes', initialScopes);
  const requestName = createRequestName(options.requestName);
  const initialNames = initialScopes.map(requestName);
  const constraints = createSenderConstraints(options.senderConstraints ?? []);
  const { dpopAlgorithms, schemes, methods } = constraints;

  const report = createReporter(options.onEvent);

  /** Whatever a part of ours throws by accident is our fault: never a verdict on the token. */
  function toAuthError(error: unknown, source: FailureSource, request?: GuardRequest): AuthError {
    // Another copy of this package may know reasons that this one does not.
    if (isAuthError(error) && Object.hasOwn(authErrorAnswers, error.code)) return error;
    // A client that left makes its own request fail. That is no failure of ours.
    if (request?.signal.aborted !== true) {
      report(describeFailure(source, error, request === undefined ? [] : credentialsOf(request)));
    }
    // Without the cause: its text may quote the token, and the event has what may be shown.
    return new AuthError('upstream_unavailable', { detail: 'unexpected failure' });
  }

  function record(event: Omit<AuditEvent, 'at' | 'verifier'>): void {
    audit.emit({ at: now(), verifier: verifier.name, ...event });
  }

  function refuse(
    error: AuthError,
    { scopes, scheme }: { scopes: readonly string[]; scheme: CredentialScheme | undefined },
    about: Omit<AuditEvent, 'event' | 'at' | 'verifier' | 'code' | 'detail'>,
    { quota, request }: { quota?: RateLimitQuota | undefined; request?: GuardRequest } = {},
  ): GuardResult {
    let reason = error;
    try {
      const { code, detail } = reason;
      // What failed may have failed because the client left: then it is no outage.
      if (request?.signal.aborted && code === 'upstream_unavailable') {
        record({ event: 'abandoned', ...about });
        return { ok: false, refusal: abandonedRefusal };
      }
      record({ event: 'refused', code, ...(detail !== undefined && { detail }), ...about });
    } catch (cause) {
      reason = toAuthError(cause, 'audit', request);
    }
    const parameters = { resourceMetadataUrl, scopes, dpopAlgorithms, scheme };
    return { ok: false, refusal: toRefusal(reason, parameters, quota) };
  }

  const allScopes = ({ scopes }: Operation) => [...new Set([...requiredScopes, ...scopes])];

  return {
    resourceMetadataUrl,
    initialScopes: initialNames,
    senderConstraints: constraints.all,

    async authenticate(request) {
      const { clientKey, signal, trace, again } = request;
      const onLimiterFailure = (error: unknown) => void toAuthError(error, 'rate_limiter', request);
      const limit = again
        ? undefined
        : await ask(() => rateLimiter.peek(clientKey), onLimiterFailure);
      const started = monotonicNow();
      const about = () => ({
        clientKey,
        durationMs: monotonicNow() - started,
        ...(trace && { trace }),
      });
      let scheme: CredentialScheme | undefined;
      let principal: Principal | undefined;
      let source: FailureSource = 'verifier';
      try {
        scheme = schemeOf(request.authorization[0] ?? '');
        const credentials = extractCredentials(request, schemes);
        const nowSeconds = Math.floor(now() / 1_000);
        principal = await verifier.verify(credentials.token, {
          nowSeconds,
          signal,
          allowRemote: again !== undefined || (limit?.allowed ?? false),
          clientKey,
          ...(limit?.quota && { failuresLeft: limit.quota.remaining }),
          ...(methods && { confirmationMethods: methods }),
        });
        // After the token, so that only who holds a good one can make it remember anything.
        const { confirmation } = principal;
        const context = { nowSeconds, signal };
        source = 'sender_constraint';
        const headers = await constraints.confirm(confirmation, credentials, request, context);
        source = 'audit';
        record({ event: 'authenticated', ...about(), ...identity(principal) });
        return { ok: true, principal, ...(Object.keys(headers).length > 0 && { headers }) };
      } catch (error) {
        // Whose token it is that somebody has and cannot prove is what an operator needs to know.
        const failed = { ...about(), ...(principal && identity(principal)) };
        const parameters = { scopes: initialNames, scheme };
        const known = toAuthError(error, source, request);
        if (again !== undefined) return refuse(known, parameters, failed, { request });
        // Only now does the limit bite: a good token from a bad neighbourhood got through above.
        const count = () => rateLimiter.countFailure(clientKey);
        const { reason, quota } = await applyLimit(known, limit, count, onLimiterFailure);
        return refuse(reason, parameters, failed, { quota, request });
      }
    },

    authorize(principal, operation, trace) {
      const scopes = allScopes(operation);
      const about = { operation: operation.name, ...identity(principal), ...(trace && { trace }) };
      let source: FailureSource = 'scope_policy';
      try {
        const missing = scopePolicy.missing(principal.scopes, scopes);
        if (missing.length > 0) {
          const granted = [...principal.scopes].join(' ') || 'none';
          const detail = `missing ${missing.join(' ')}; granted ${granted}`;
          throw new AuthError('scope_insufficient', { detail });
        }
        source = 'audit';
        record({ event: 'authorized', ...about });
        return { ok: true, principal };
      } catch (error) {
        const scheme = principal.confirmation?.method === 'jkt' ? 'DPoP' : 'Bearer';
        const known = toAuthError(error, source);
        return refuse(known, { scopes: scopes.map(requestName), scheme }, about);
      }
    },

    permits(granted, operation) {
      try {
        return scopePolicy.missing(granted, allScopes(operation)).length === 0;
      } catch (error) {
        toAuthError(error, 'scope_policy');
        return false;
      }
    },

    async close() {
      await Promise.all([verifier.close?.(), rateLimiter.close?.()]);
    },
  };
}

function identity({
  issuer,
  subject,
  clientId,
}: Principal): Pick<Principal, 'issuer' | 'subject' | 'clientId'> {
  return { issuer, subject, clientId };
}

/** What of a request no event may show, without the names of schemes. */
function credentialsOf({ authorization, proof }: GuardRequest): readonly string[] {
  const fields = [...authorization, ...proofsOf(proof)];
  return fields.flatMap((field) => field.trim().split(/\s+/)).filter((part) => !isScheme(part));
}

function isScheme(part: string): boolean {
  return /^(?:bearer|dpop|basic)?$/i.test(part);
}

function proofsOf(proof: GuardRequest['proof']): readonly string[] {
  try {
    return proof?.field('dpop') ?? [];
  } catch {
    return [];
  }
}
