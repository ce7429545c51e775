/** What the types must refuse. The type check fails where one of these compiles. */
import type {
  AuthErrorAnswer,
  AuthErrorCode,
  GuardOptions,
  Principal,
  SecretLookup,
} from '../src/index.ts';

declare const options: GuardOptions;
declare const answers: Record<AuthErrorCode, AuthErrorAnswer>;
declare const principal: Principal;
declare const lookup: SecretLookup;

const { verifier: _verifier, ...withoutVerifier } = options;
const { rateLimiter: _rateLimiter, ...withoutRateLimiter } = options;
const { audit: _audit, ...withoutAudit } = options;
const { scopePolicy: _scopePolicy, ...withoutScopePolicy } = options;
const { requiredScopes: _requiredScopes, ...withoutRequiredScopes } = options;
const { token_expired: _answer, ...withoutAnswer } = answers;

// @ts-expect-error a guard without a verifier
export const guard1: GuardOptions = withoutVerifier;
// @ts-expect-error a guard without a limit
export const guard2: GuardOptions = withoutRateLimiter;
// @ts-expect-error a guard without a trail
export const guard3: GuardOptions = withoutAudit;
// @ts-expect-error a guard without a scope policy
export const guard4: GuardOptions = withoutScopePolicy;
// @ts-expect-error a guard that does not say which scopes it requires
export const guard5: GuardOptions = withoutRequiredScopes;
// @ts-expect-error a code without an answer
export const table: Record<AuthErrorCode, AuthErrorAnswer> = withoutAnswer;
// @ts-expect-error a principal that is changed afterwards
principal.subject = 'somebody else';
// @ts-expect-error a scope that is added afterwards
principal.scopes.add('admin');
// @ts-expect-error a secret that nobody knows to be there
export const { secret } = lookup;
