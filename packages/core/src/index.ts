import './node-version.ts';

export { spellingsOfAudience } from './audience-spellings.ts';
export type { AuditEvent, AuditSink } from './audit.ts';
export type { ChallengeParameters } from './challenge.ts';
export { writeChallenge } from './challenge.ts';
export type { Check, Checks } from './check.ts';
export { check } from './check.ts';
export type { ClaimPath, Claims, TimeRules, TimeSpan } from './claims.ts';
export {
  isEmptyClaim,
  judgeTimes,
  readAudience,
  readIdentifier,
  readScopes,
  takeOtherClaims,
} from './claims.ts';
export type { Confirmation, ConfirmationMethod } from './confirmation.ts';
export { assertChecked, isSameConfirmation, readConfirmation } from './confirmation.ts';
export type { CredentialFields, CredentialScheme, Credentials } from './credentials.ts';
export { extractBearer, extractCredentials } from './credentials.ts';
export type { Environment } from './environment.ts';
export { detectEnvironment } from './environment.ts';
export type { AuthErrorAnswer, AuthErrorCode, AuthErrorOptions } from './errors.ts';
export { AuthError, authErrorAnswers, ConfigError, isAuthError } from './errors.ts';
export { explainAudience, explainDifference, explainIssuer, listNames } from './explain-name.ts';
export { createGuard } from './guard.ts';
export type {
  Guard,
  GuardOptions,
  GuardRequest,
  GuardResult,
  Operation,
} from './guard-contract.ts';
export type { EventListener, OperationalEvent } from './operational-event.ts';
export { createReporter } from './operational-event.ts';
export { checkArgument, checkOptions } from './options.ts';
export type {
  RateLimitDecision,
  RateLimiter,
  RateLimiterReadings,
  RateLimitQuota,
} from './rate-limiter.ts';
export type { Refusal } from './refusal.ts';
export type { RequestName } from './request-name.ts';
export type { ScopePolicy, ScopePolicyOptions } from './scope-policy.ts';
export { assertScopes, createScopePolicy } from './scope-policy.ts';
export { Secret } from './secret.ts';
export type {
  SecretChange,
  SecretContext,
  SecretLookup,
  SecretProvider,
} from './secret-provider.ts';
export type {
  BoundToken,
  ProofContext,
  ProofRequest,
  SenderConstraint,
} from './sender-constraint.ts';
export type { PossessionFields } from './sender-constraints.ts';
export type { AsymmetricAlgorithm, KeyShape } from './token/signature-algorithms.ts';
export { asymmetricAlgorithms } from './token/signature-algorithms.ts';
export type { TokenExchange, TokenExchangeContext, UpstreamToken } from './token-exchange.ts';
export { assertTokenSize, maximumTokenBytesCheck } from './token-size.ts';
export type {
  Principal,
  TokenVerifier,
  VerifierReadings,
  VerifyContext,
} from './token-verifier.ts';
export type { TraceContext, TraceFields } from './trace.ts';
export { readTraceContext } from './trace.ts';
export type { FailureSource, UnexpectedFailureEvent } from './unexpected-failure.ts';
export { widerNetworkOf } from './wider-network.ts';
