/** Validates the claims of an active token. Pure: the clock is an argument. */
import {
  AuthError,
  type AuthErrorCode,
  type ClaimPath,
  type Claims,
  explainAudience,
  explainIssuer,
  judgeTimes,
  type Principal,
  readAudience,
  readConfirmation,
  readIdentifier,
  readScopes,
  takeOtherClaims,
  type VerifyContext,
} from '@sallyport/core';

/** The values that a verifier expects. */
export interface IntrospectionRules {
  readonly issuer: string;
  /** `undefined` if the server reports a token to the resource server of the token alone. */
  readonly audience: ReadonlySet<string> | undefined;
  readonly clockToleranceSeconds: number;
  readonly scopeClaims: readonly ClaimPath[];
}

const claimsWithField: ReadonlySet<string> = new Set([
  'active',
  'iss',
  'sub',
  'aud',
  'exp',
  'client_id',
  'scope',
  'cnf',
]);
// The lifetime of a principal whose token has no `exp`.
const withoutExpirySeconds = 60;
const accessTokenUses: ReadonlySet<unknown> = new Set([undefined, 'access', 'access_token']);

/**
 * Validates issuer, audience, kind and times (RFC 7662 §2.2), and returns the principal. The server
 * checked some of them, but with its own clock.
 *
 * @throws {AuthError} `token_expired` only if all other checks pass.
 */
export function judgeIntrospection(
  claims: Claims,
  rules: IntrospectionRules,
  { nowSeconds, confirmationMethods }: Pick<VerifyContext, 'nowSeconds' | 'confirmationMethods'>,
): Principal {
  const { iss, token_type: type, token_use: use } = claims;
  if (iss !== undefined && iss !== rules.issuer) {
    refuse('token_issuer_untrusted', `iss: ${explainIssuer(iss, [rules.issuer])}`);
  }
  const audience = readAudience(claims);
  const { audience: own } = rules;
  if (own !== undefined && !audience.some((value) => own.has(value))) {
    refuse('token_audience_mismatch', `aud: ${explainAudience(audience, [...own])}`);
  }
  const confirmation = readConfirmation(claims, confirmationMethods);
  // RFC 9449 §6.2: without the key of the binding, the sender cannot prove anything.
  if (isType(type, 'dpop')) {
    if (confirmation?.method !== 'jkt') {
      refuse('token_sender_constrained', 'token_type: DPoP, and the answer has no cnf.jkt');
    }
  } else if (type !== undefined && !isType(type, 'bearer')) {
    // RFC 6749 §7.1. A refresh token has another type, or names its use.
    refuse('token_type_forbidden', 'token_type: not an access token, such as a refresh token');
  }
  if (!accessTokenUses.has(use)) {
    refuse(
      'token_type_forbidden',
      'token_use: not an access token, such as an ID or refresh token',
    );
  }

  // A client that acts for itself may have no other subject.
  const subject = readIdentifier(claims, claims['sub'] === undefined ? 'client_id' : 'sub');
  const clientId =
    claims['client_id'] === undefined ? subject : readIdentifier(claims, 'client_id');
  const scopes = readScopes(claims, rules.scopeClaims);
  const timed =
    claims['exp'] === undefined ? { ...claims, exp: nowSeconds + withoutExpirySeconds } : claims;
  const { clockToleranceSeconds } = rules;
  const { expiresAt } = judgeTimes(
    timed,
    { clockToleranceSeconds, maximumLifetimeSeconds: Number.POSITIVE_INFINITY },
    nowSeconds,
  );
  return Object.freeze({
    issuer: rules.issuer,
    subject,
    clientId,
    audience,
    scopes: new Set(scopes),
    expiresAt,
    ...(confirmation && { confirmation }),
    claims: takeOtherClaims(claims, claimsWithField),
  });
}

function isType(type: unknown, name: string): boolean {
  return typeof type === 'string' && type.toLowerCase() === name;
}

/** @param detail From a closed list, never a value of the answer. */
function refuse(code: AuthErrorCode, detail?: string): never {
  throw new AuthError(code, detail === undefined ? {} : { detail });
}
