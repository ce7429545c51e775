/**
 * The order of checks at both checkpoints. `answers.ts` says how each refusal looks on the wire.
 */
import { createReporter } from '../audit/operational-event.ts';
import type { Confirmation } from '../credentials/confirmation.ts';
import { type CredentialScheme, extractCredentials, schemeOf } from '../credentials/credentials.ts';
import { createSenderConstraints } from '../credentials/sender-constraints.ts';
import { AuthError, ConfigError } from '../errors.ts';
import { type Checks, check } from '../options/check.ts';
import { checkOptions } from '../options/options.ts';
import { explainMissingScopes } from '../scopes/missing-scopes.ts';
import { createRequestName } from '../scopes/request-name.ts';
import { assertScopes } from '../scopes/scope-policy.ts';
import { maximumTokenBytesCheck } from '../token/token-size.ts';
import type { Principal } from '../token/token-verifier.ts';
import { askRules, watchRules } from './ask-rules.ts';
import type { RuleRequest } from './authorization-rule.ts';
import { type ChallengeDetails, createDecisions, type DecisionSubject } from './decisions.ts';
import { applyLimit, ask } from './failure-limit.ts';
import type {
  Guard,
  GuardOptions,
  GuardRequest,
  GuardResult,
  Operation,
} from './guard-contract.ts';
import type { FailureSource } from './unexpected-failure.ts';

const optionChecks: Checks<GuardOptions> = {
  verifier: check.verifier,
  rateLimiter: check.rateLimiter,
  audit: check.audit,
  scopePolicy: check.scopePolicy,
  resourceMetadataUrl: check.text,
  requiredScopes: check.texts,
  initialScopes: check.optional(check.texts),
  senderConstraints: check.optional(check.listOf(check.senderConstraint)),
  rules: check.optional(check.listOf(check.rule)),
  requestName: check.optional(check.callback),
  maximumTokenBytes: maximumTokenBytesCheck,
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

interface IdentifyOptions {
  readonly allowRemote: boolean;
  readonly failuresLeft?: number | undefined;
  readonly proven?: Confirmation | undefined;
}

interface Caller extends Pick<RuleRequest, 'principal' | 'operation'> {
  readonly request: GuardRequest | undefined;
}

type Identified = Extract<GuardResult, { ok: true }>;

interface Unidentified {
  readonly ok: false;
  readonly error: AuthError;
  readonly challenge: ChallengeDetails;
  readonly about: DecisionSubject;
}

/**
 * Creates the guard: verifier, rate limiter, scope policy and audit sink behind two checkpoints. Each
 * checkpoint writes exactly one audit event.
 *
 * @throws {ConfigError} When an option is missing, unknown or of the wrong type, the metadata URL
 *   is not absolute, or a scope has characters that no scope may have.
 */
export function createGuard(given: GuardOptions): Guard {
  const options = checkOptions('guard', given, optionChecks);
  const { verifier, rateLimiter, audit, scopePolicy, requiredScopes, now = Date.now } = options;
  const { initialScopes = requiredScopes, monotonicNow = () => performance.now() } = options;
  const { maximumTokenBytes, rules = [] } = options;
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
  const { schemes, methods } = constraints;

  const { toAuthError, record, refuse } = createDecisions({
    verifier: verifier.name,
    audit,
    report: createReporter(options.onEvent),
    resourceMetadataUrl,
    dpopAlgorithms: constraints.dpopAlgorithms,
    now,
  });
  const knownScopes = (scopes: readonly string[]) => new Set([...scopes, ...initialScopes]);
  const allScopes = ({ scopes, isPublic }: Operation) =>
    isPublic ? [] : [...new Set([...requiredScopes, ...scopes])];

  /** Verifies the token of a request and its proof of possession. It asks no limiter. */
  async function identify(
    request: GuardRequest,
    { allowRemote, failuresLeft, proven }: IdentifyOptions,
  ): Promise<Identified | Unidentified> {
    const { clientKey, signal, trace, proof, operation } = request;
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
        allowRemote,
        clientKey,
        ...(maximumTokenBytes !== undefined && { maximumTokenBytes }),
        ...(failuresLeft !== undefined && { failuresLeft }),
        ...(methods && { confirmationMethods: methods }),
      });
      // After the token: only clients with a valid token can make a constraint remember a proof.
      const possession = { confirmation: principal.confirmation, credentials, proof, proven };
      source = 'sender_constraint';
      const headers = await constraints.confirm(possession, { nowSeconds, signal });
      source = 'audit';
      record({ event: 'authenticated', ...about(), ...identity(principal) });
      return { ok: true, principal, ...(Object.keys(headers).length > 0 && { headers }) };
    } catch (error) {
      // An operator needs to know whose token was sent without its proof.
      const failed = {
        ...about(),
        ...(principal && identity(principal)),
        ...(operation && { operation: operation.name }),
      };
      const wanted = operation === undefined ? [] : allScopes(operation).map(requestName);
      const challenge = { scopes: [...new Set([...initialNames, ...wanted])], scheme };
      return { ok: false, error: toAuthError(error, source, request), challenge, about: failed };
    }
  }

  const ruleRequest = ({ principal, operation, request }: Caller): RuleRequest => ({
    principal,
    operation,
    clientKey: request?.clientKey,
    nowSeconds: Math.floor(now() / 1_000),
    signal: request?.signal,
  });

  /** Checkpoint 2. @param judged What the rules said. Absent before they are asked. */
  function decide(
    caller: Caller,
    judged?: { refusal: unknown },
  ): GuardResult | Promise<GuardResult> {
    const { principal, operation, request } = caller;
    const scopes = allScopes(operation);
    const about = {
      operation: operation.name,
      ...(request && { clientKey: request.clientKey }),
      ...identity(principal),
      ...(request?.trace && { trace: request.trace }),
    };
    let source: FailureSource = 'scope_policy';
    try {
      const missing = scopePolicy.missing(principal.scopes, scopes);
      if (missing.length > 0) {
        const detail = explainMissingScopes(principal, missing, knownScopes(scopes));
        throw new AuthError('scope_insufficient', { detail });
      }
      source = 'rule';
      if (judged?.refusal !== undefined) throw judged.refusal;
      if (judged === undefined && rules.length > 0) {
        return askRules(rules, ruleRequest(caller)).then((refusal) => decide(caller, { refusal }));
      }
      source = 'audit';
      record({ event: 'authorized', ...about });
      return { ok: true, principal };
    } catch (error) {
      const scheme = principal.confirmation?.method === 'jkt' ? 'DPoP' : 'Bearer';
      const challenge = { scopes: scopes.map(requestName), scheme } as const;
      return refuse(toAuthError(error, source, request), { challenge, about, request });
    }
  }

  return {
    resourceMetadataUrl,
    initialScopes: initialNames,
    senderConstraints: constraints.all,

    async authenticate(request) {
      const onLimiterFailure = (error: unknown) => void toAuthError(error, 'rate_limiter', request);
      const limit = await ask(() => rateLimiter.peek(request.clientKey), onLimiterFailure);
      const outcome = await identify(request, {
        allowRemote: limit?.allowed ?? false,
        failuresLeft: limit?.quota?.remaining,
      });
      if (outcome.ok) return outcome;
      // The limit applies only now, so a valid token passes from an address over the limit.
      const count = () => rateLimiter.countFailure(request.clientKey);
      const { reason, quota } = await applyLimit(outcome.error, limit, count, onLimiterFailure);
      return refuse(reason, { ...outcome, quota, request });
    },

    async recheck(request, principal) {
      const { confirmation } = principal;
      const outcome = await identify(request, { allowRemote: true, proven: confirmation });
      return outcome.ok ? outcome : refuse(outcome.error, { ...outcome, request });
    },

    authorize: (principal, operation, request) => decide({ principal, operation, request }),

    watch(principal, operation, request, end) {
      const caller = { principal, operation, request };
      return watchRules(rules, ruleRequest(caller), (refusal) => {
        void decide(caller, { refusal });
        end();
      });
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
      await Promise.all([verifier, rateLimiter, ...rules].map(async (part) => part.close?.()));
    },
  };
}

type Identity = Pick<Principal, 'issuer' | 'subject' | 'clientId'>;
const identity = ({ issuer, subject, clientId }: Principal): Identity => ({
  issuer,
  subject,
  clientId,
});
