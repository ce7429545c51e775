/** The one order of checks. Nothing else in this project decides how a request is answered. */
import type { AuditEvent } from '../audit/audit.ts';
import { createReporter } from '../audit/operational-event.ts';
import { type CredentialScheme, extractCredentials, schemeOf } from '../credentials/credentials.ts';
import { createSenderConstraints } from '../credentials/sender-constraints.ts';
import { AuthError, authErrorAnswers, ConfigError, isAuthError } from '../errors.ts';
import { type Checks, check } from '../options/check.ts';
import { checkOptions } from '../options/options.ts';
import { explainMissingScopes } from '../scopes/missing-scopes.ts';
import { createRequestName } from '../scopes/request-name.ts';
import { assertScopes } from '../scopes/scope-policy.ts';
import { maximumTokenBytesCheck } from '../token/token-size.ts';
import type { Principal } from '../token/token-verifier.ts';
import { applyLimit, ask } from './failure-limit.ts';
import type {
  Guard,
  GuardOptions,
  GuardRequest,
  GuardResult,
  Operation,
} from './guard-contract.ts';
import type { RateLimitQuota } from './rate-limiter.ts';
import { abandonedRefusal, toRefusal } from './refusal.ts';
import { describeFailure, type FailureSource } from './unexpected-failure.ts';

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
  maximumTokenBytes: maximumTokenBytesCheck,
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

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
  const { maximumTokenBytes } = options;
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

  /** An accidental error of our code is our fault, and never a verdict on the token. */
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
    const given: unknown = audit.emit({ at: now(), verifier: verifier.name, ...event });
    // An asynchronous sink that rejects would end the process. The request was decided by then.
    if (given instanceof Promise) given.catch((error) => void toAuthError(error, 'audit'));
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
      // The client may have caused the failure by leaving. Then it is not an outage.
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

  const knownScopes = (scopes: readonly string[]) => new Set([...scopes, ...initialScopes]);
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
        const credentials = extractCredentials(request, schemes, maximumTokenBytes);
        const nowSeconds = Math.floor(now() / 1_000);
        principal = await verifier.verify(credentials.token, {
          nowSeconds,
          signal,
          allowRemote: again !== undefined || (limit?.allowed ?? false),
          clientKey,
          ...(maximumTokenBytes !== undefined && { maximumTokenBytes }),
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

    authorize(principal, operation, trace, clientKey) {
      const scopes = allScopes(operation);
      const about = {
        operation: operation.name,
        ...(clientKey !== undefined && { clientKey }),
        ...identity(principal),
        ...(trace && { trace }),
      };
      let source: FailureSource = 'scope_policy';
      try {
        const missing = scopePolicy.missing(principal.scopes, scopes);
        if (missing.length > 0) {
          const detail = explainMissingScopes(principal, missing, knownScopes(scopes));
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

/** The parts of a request that must not appear in events, without the names of schemes. */
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
