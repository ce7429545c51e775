/** Validates claims. Pure: the clock is an argument. */
import {
  AuthError,
  type AuthErrorCode,
  type ClaimPath,
  type Claims,
  isEmptyClaim,
  judgeTimes,
  type Principal,
  readAudience,
  readConfirmation,
  readIdentifier,
  readScopes,
  type TimeRules,
  takeOtherClaims,
  type VerifyContext,
} from '@sallyport/core';
import { explainAudience } from './explain-mismatch.ts';
import { idTokenClaims } from './explain-token-kind.ts';
import type { TokenProfile } from './validate-header.ts';

/** The rules for the claims of one issuer's tokens. */
export interface ClaimRules extends TimeRules {
  /** The issuer in principals. A token may have another spelling of it. */
  readonly issuer: string;
  /** The one tenant whose tokens have this issuer. */
  readonly tenant: string | undefined;
  /** `undefined`: {@link clientIds} replaces it. */
  readonly audience: ReadonlySet<string> | undefined;
  readonly singleAudience: boolean;
  /** `undefined`: every client. */
  readonly clientIds: ReadonlySet<string> | undefined;
  readonly clientIdClaims: readonly string[];
  readonly needsClientId: boolean;
  /** The beginning of `sub`, if only `sub` names the client. */
  readonly clientSubjectPrefix: string | undefined;
  readonly requiredClaims: ReadonlyMap<string, readonly (string | boolean)[]>;
  readonly scopeClaims: readonly ClaimPath[];
  readonly profile: TokenProfile;
}

/** The validated claims of a token. Each request gets its own principal from them. */
export interface ValidClaims extends Omit<Principal, 'scopes'> {
  readonly scopes: readonly string[];
  /** The time from which the token is valid without any tolerance, in seconds since the epoch. */
  readonly startsAt: number;
}

const claimsWithField: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'client_id',
  'scope',
  'cnf',
]);

/**
 * Validates audience, client and times of an authentic token from a trusted issuer. Scopes are read,
 * not checked.
 *
 * @throws {AuthError} `token_expired` only if everything else is valid.
 */
export function validateClaims(
  claims: Claims,
  rules: ClaimRules,
  { nowSeconds, confirmationMethods }: Pick<VerifyContext, 'nowSeconds' | 'confirmationMethods'>,
): ValidClaims {
  if (rules.tenant !== undefined && claims['tid'] !== rules.tenant) {
    refuse('token_issuer_untrusted', 'tid: differs from the tenant of the issuer');
  }
  const audience = validateAudience(claims, rules);
  // Without its proof such a token is not to be honoured (RFC 9449 §7.1, RFC 8705 §3).
  const confirmation = readConfirmation(claims, confirmationMethods);
  if (rules.profile === 'legacy') refuseIdToken(claims);
  for (const [name, values] of rules.requiredClaims) {
    if (!values.some((value) => value === claims[name])) {
      const found = isEmptyClaim(claims[name]) ? 'absent' : 'another value';
      refuse('token_claim_invalid', `${name}: ${found}; must be ${values.join(' or ')}`);
    }
  }

  const subject = readIdentifier(claims, 'sub');
  const clientId = validateClient(claims, rules, subject);
  const scopes = readScopes(claims, rules.scopeClaims);
  const { startsAt, expiresAt } = judgeTimes(claims, rules, nowSeconds);
  const others = takeOtherClaims(claims, claimsWithField);
  return {
    issuer: rules.issuer,
    subject,
    clientId,
    audience,
    scopes,
    expiresAt,
    startsAt,
    ...(confirmation && { confirmation }),
    claims: others,
  };
}

/**
 * Creates the principal of one request. It has its own set of scopes, so a request that changes the
 * set does not affect the next request with the same token.
 */
export function toPrincipal(valid: ValidClaims): Principal {
  const { issuer, subject, clientId, audience, expiresAt, claims, confirmation } = valid;
  const scopes = new Set(valid.scopes);
  const principal = { issuer, subject, clientId, audience, scopes, expiresAt, claims };
  return Object.freeze(confirmation === undefined ? principal : { ...principal, confirmation });
}

function validateAudience(claims: Claims, rules: ClaimRules): readonly string[] {
  const audience = readAudience(claims);
  if (rules.singleAudience && audience.length > 1)
    refuse('token_audience_mismatch', 'aud: several');
  const { audience: own } = rules;
  if (own !== undefined && !audience.some((value) => own.has(value))) {
    refuse('token_audience_mismatch', `aud: ${explainAudience(audience, [...own], claims)}`);
  }
  return audience;
}

/** A token may omit its client if no rule needs it. The subject is the client then. */
function validateClient(claims: Claims, rules: ClaimRules, subject: string): string {
  const { clientIds, clientIdClaims } = rules;
  const named = clientIdClaims.find((candidate) => !isEmptyClaim(claims[candidate]));
  const { clientSubjectPrefix: prefix } = rules;
  const isClient = prefix !== undefined && subject.startsWith(prefix);
  const name = named ?? (isClient ? 'sub' : undefined);
  if (name === undefined) {
    if (rules.needsClientId) {
      refuse('token_claim_invalid', `${clientIdClaims.join(', ')}: absent; needs the client`);
    }
    return subject;
  }
  const clientId = readIdentifier(claims, name);
  // Where clients replace the audience, the token of another client is for another server.
  if (clientIds !== undefined && !clientIds.has(clientId)) {
    refuse('token_audience_mismatch', `${name}: another client than those configured`);
  }
  return clientId;
}

function refuseIdToken(claims: Claims): void {
  for (const name of idTokenClaims) {
    if (!isEmptyClaim(claims[name])) refuse('token_type_forbidden', name);
  }
  const { typ } = claims;
  if (typeof typ === 'string' && typ.toLowerCase() === 'id') {
    refuse('token_type_forbidden', 'typ');
  }
}

/** @param detail A claim's name, never its value. */
function refuse(code: AuthErrorCode, detail: string): never {
  throw new AuthError(code, { detail });
}
