/** What the claims must say. Pure: the clock is an argument. */
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

/** What tokens of one issuer must say. */
export interface ClaimRules extends TimeRules {
  /** The name that principals carry, whichever of its spellings the token has. */
  readonly issuer: string;
  /** The one tenant whose tokens have this issuer. */
  readonly tenant: string | undefined;
  /** `undefined` where {@link clientIds} stands in for it. */
  readonly audience: ReadonlySet<string> | undefined;
  readonly singleAudience: boolean;
  /** `undefined`: every client. */
  readonly clientIds: ReadonlySet<string> | undefined;
  readonly clientIdClaims: readonly string[];
  readonly needsClientId: boolean;
  /** How the subjects of clients begin that are named in `sub` alone. */
  readonly clientSubjectPrefix: string | undefined;
  readonly requiredClaims: ReadonlyMap<string, readonly (string | boolean)[]>;
  readonly scopeClaims: readonly ClaimPath[];
  readonly profile: TokenProfile;
}

/** Who an authentic token is for: what a principal is made of, once for each request. */
export interface JudgedClaims extends Omit<Principal, 'scopes'> {
  readonly scopes: readonly string[];
  /** From when on the token holds without any tolerance, in seconds since the epoch. */
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
 * Judges audience, client and times of an authentic token whose issuer was found in the
 * configuration, and says who it is for. Scopes are read and not judged.
 *
 * @throws {AuthError} `token_expired` only where everything else holds.
 */
export function judgeClaims(
  claims: Claims,
  rules: ClaimRules,
  { nowSeconds, confirmationMethods }: Pick<VerifyContext, 'nowSeconds' | 'confirmationMethods'>,
): JudgedClaims {
  if (rules.tenant !== undefined && claims['tid'] !== rules.tenant) {
    refuse('token_issuer_untrusted', 'tid: differs from the tenant of the issuer');
  }
  const audience = judgeAudience(claims, rules);
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
  const clientId = judgeClient(claims, rules, subject);
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
 * A principal for one request. Its set of scopes is its own: what one request did to it would
 * otherwise reach the next one with the same token.
 */
export function toPrincipal(judged: JudgedClaims): Principal {
  const { issuer, subject, clientId, audience, expiresAt, claims, confirmation } = judged;
  const scopes = new Set(judged.scopes);
  const principal = { issuer, subject, clientId, audience, scopes, expiresAt, claims };
  return Object.freeze(confirmation === undefined ? principal : { ...principal, confirmation });
}

function judgeAudience(claims: Claims, rules: ClaimRules): readonly string[] {
  const audience = readAudience(claims);
  if (rules.singleAudience && audience.length > 1)
    refuse('token_audience_mismatch', 'aud: several');
  const { audience: own } = rules;
  if (own !== undefined && !audience.some((value) => own.has(value))) {
    refuse('token_audience_mismatch', `aud: ${explainAudience(audience, [...own], claims)}`);
  }
  return audience;
}

/** A token may leave its client out only where nothing depends on it: it is its subject's then. */
function judgeClient(claims: Claims, rules: ClaimRules, subject: string): string {
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
  // Where clients stand in for the audience, a token of another client was meant for another server.
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
function refuse(code: AuthErrorCode, detail?: string): never {
  throw new AuthError(code, detail === undefined ? {} : { detail });
}
