import './node-version.ts';

export type { AuditEvent, AuditSink } from './audit/audit.ts';
export type { EventListener, OperationalEvent } from './audit/operational-event.ts';
export { createReporter } from './audit/operational-event.ts';
export type { TraceContext } from './audit/trace.ts';
export { readTraceContext } from './audit/trace.ts';
export type { Confirmation, ConfirmationMethod } from './credentials/confirmation.ts';
export {
  assertConfirmationAccepted,
  isSameConfirmation,
  readConfirmation,
} from './credentials/confirmation.ts';
export type { CredentialField } from './credentials/credential-field.ts';
export type { Credentials } from './credentials/credentials.ts';
export { extractCredentials } from './credentials/credentials.ts';
export type {
  ProofContext,
  ProofRequest,
  SenderConstraint,
} from './credentials/sender-constraint.ts';
export type { AuthErrorCode, AuthErrorOptions } from './errors.ts';
export { AuthError, ConfigError, isAuthError } from './errors.ts';
export type { AuthErrorAnswer } from './guard/answers.ts';
export { authErrorAnswers } from './guard/answers.ts';
export type { AuthorizationRule, RuleRequest } from './guard/authorization-rule.ts';
export type {
  CallCharge,
  CallCharges,
  CallQuota,
  CallQuotaReadings,
} from './guard/call-quota.ts';
export { createGuard } from './guard/guard.ts';
export type {
  Guard,
  GuardOptions,
  GuardRequest,
  GuardResult,
  Operation,
} from './guard/guard-contract.ts';
export type {
  RateLimitDecision,
  RateLimiter,
  RateLimiterReadings,
  RateLimitQuota,
} from './guard/rate-limiter.ts';
export type { Refusal } from './guard/refusal.ts';
export type { UnexpectedFailureEvent } from './guard/unexpected-failure.ts';
export { widerNetworkOf } from './guard/wider-network.ts';
export { spellingsOfAudience } from './names/audience-spellings.ts';
export {
  explainAudience,
  explainDifference,
  explainIssuer,
  listNames,
} from './names/explain-name.ts';
export type { Check, Checks } from './options/check.ts';
export { check } from './options/check.ts';
export type { Environment } from './options/environment.ts';
export { detectEnvironment } from './options/environment.ts';
export { checkArgument, checkOptions } from './options/options.ts';
export type { RequestName } from './scopes/request-name.ts';
export type { ScopePolicy, ScopePolicyOptions } from './scopes/scope-policy.ts';
export { assertScopes, createScopePolicy } from './scopes/scope-policy.ts';
export { Secret } from './secrets/secret.ts';
export type {
  SecretChange,
  SecretContext,
  SecretLookup,
  SecretProvider,
} from './secrets/secret-provider.ts';
export type { ClaimPath, Claims, TimeRules } from './token/claims.ts';
export {
  isEmptyClaim,
  judgeTimes,
  readAudience,
  readIdentifier,
  readScopes,
  takeOtherClaims,
} from './token/claims.ts';
export type { AsymmetricAlgorithm, KeyShape } from './token/signature-algorithms.ts';
export { asymmetricAlgorithms } from './token/signature-algorithms.ts';
export type { TokenExchange, TokenExchangeContext, UpstreamToken } from './token/token-exchange.ts';
export { assertTokenSize, maximumTokenBytesCheck } from './token/token-size.ts';
export type {
  Principal,
  TokenVerifier,
  VerifierReadings,
  VerifyContext,
} from './token/token-verifier.ts';
