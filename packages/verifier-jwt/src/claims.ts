/** What the claims must say. Pure: the clock is an argument. */
import { AuthError, type AuthErrorCode, type Principal } from '@sallyport/core';
import type { JsonObject } from './compact-jws.ts';
import type { TokenProfile } from './header.ts';

/** What a verifier was told to expect. */
export interface ClaimRules {
  readonly issuer: string;
  readonly audience: ReadonlySet<string>;
  readonly clockToleranceSeconds: number;
  readonly maximumLifetimeSeconds: number;
  readonly profile: TokenProfile;
}

// After this, in the year 5138, a number of seconds is one of milliseconds by mistake.
const latestSeconds = 100_000_000_000;
const maximumScopes = 256;
const longestIdentifier = 1_024;
const claimsWithField: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'client_id',
  'scope',
]);

/**
 * Judges issuer, audience and times of an authentic token, and says who it is for. Scopes are read
 * and not judged.
 *
 * @throws {AuthError} `token_expired` only where everything else holds.
 */
export function judgeClaims(claims: JsonObject, rules: ClaimRules, nowSeconds: number): Principal {
  const { iss, sub, aud, cnf } = claims;
  if (iss !== rules.issuer) refuse('token_issuer_untrusted');
  const audience = readAudience(aud);
  if (!audience.some((value) => rules.audience.has(value))) refuse('token_audience_mismatch');
  // Without its proof such a token is not to be honoured (RFC 9449 §7.1, RFC 8705 §3).
  if (cnf !== undefined) refuse('token_sender_constrained', 'cnf');
  if (rules.profile === 'legacy') refuseIdToken(claims);

  const subject = readText(sub, 'sub');
  const clientId = readClientId(claims, rules.profile) ?? subject;
  const scopes = readScopes(claims);
  const expiresAt = judgeTimes(claims, rules, nowSeconds);

  const rest = Object.entries(claims).filter(([name]) => !claimsWithField.has(name));
  return Object.freeze({
    issuer: rules.issuer,
    subject,
    clientId,
    audience: Object.freeze(audience),
    scopes: new Set(scopes),
    expiresAt,
    claims: deepFreeze(Object.assign(Object.create(null), Object.fromEntries(rest))),
  });
}

function judgeTimes(
  { exp, nbf, iat }: JsonObject,
  { clockToleranceSeconds, maximumLifetimeSeconds }: ClaimRules,
  nowSeconds: number,
): number {
  const latestStart = nowSeconds + clockToleranceSeconds;
  const expiresAt = readTime(exp, 'exp');
  // Some issuers write 0 for "no such time".
  if (nbf !== undefined && nbf !== 0 && readTime(nbf, 'nbf') > latestStart) {
    refuse('token_not_yet_valid', 'nbf');
  }
  if (iat !== undefined) {
    const issuedAt = readTime(iat, 'iat');
    if (issuedAt > latestStart) refuse('token_not_yet_valid', 'iat');
    if (expiresAt - issuedAt > maximumLifetimeSeconds) refuse('token_claim_invalid', 'lifetime');
  }
  // Negated, so that a clock that gives no number ends every token.
  if (!(nowSeconds < expiresAt + clockToleranceSeconds)) refuse('token_expired');
  return expiresAt;
}

/** A NumericDate (RFC 7519 §2). `Infinity` is what JSON's 1e999 becomes. */
function readTime(value: unknown, name: string): number {
  if (typeof value !== 'number' || !(value > 0)) refuse('token_claim_invalid', name);
  if (!(value < latestSeconds)) refuse('token_claim_invalid', `${name}: not in seconds`);
  return value;
}

function readAudience(aud: unknown): readonly string[] {
  const values: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!values.every((value) => typeof value === 'string')) refuse('token_audience_mismatch', 'aud');
  return values;
}

/** `client_id` is RFC 9068's; the others are what providers had before it. */
function readClientId(claims: JsonObject, profile: TokenProfile): string | undefined {
  const names = profile === 'rfc9068' ? ['client_id'] : ['client_id', 'azp', 'cid', 'appid'];
  const name = names.find((candidate) => claims[candidate] !== undefined);
  if (name !== undefined) return readText(claims[name], name);
  if (profile === 'rfc9068') refuse('token_claim_invalid', 'client_id');
  return undefined;
}

/** One claim, never the union of several: what counts must be seen in one place. */
function readScopes({ scope, scp }: JsonObject): readonly string[] {
  const name = scope === undefined ? 'scp' : 'scope';
  const scopes = scope === undefined && Array.isArray(scp) ? scp : splitScopes(scope, scp);
  if (!scopes?.every(isWellFormedText) || scopes.length > maximumScopes) {
    refuse('token_claim_invalid', name);
  }
  return scopes;
}

function splitScopes(scope: unknown, scp: unknown): unknown[] | undefined {
  const value = scope === undefined ? (scp === undefined ? '' : scp) : scope;
  return typeof value === 'string' ? value.split(' ').filter(Boolean) : undefined;
}

/** What OpenID Connect gives only to ID tokens: those tell a client who signed in. */
function refuseIdToken(claims: JsonObject): void {
  for (const name of ['nonce', 'at_hash', 'c_hash']) {
    if (Object.hasOwn(claims, name)) refuse('token_type_forbidden', name);
  }
  const isId = typeof claims['typ'] === 'string' && claims['typ'].toLowerCase() === 'id';
  if (isId) refuse('token_type_forbidden', 'typ');
}

function readText(value: unknown, name: string): string {
  if (!isWellFormedText(value) || value.length > longestIdentifier) {
    refuse('token_claim_invalid', name);
  }
  return value;
}

function isWellFormedText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}

/** @param detail A claim's name, never its value. */
function refuse(code: AuthErrorCode, detail?: string): never {
  throw new AuthError(code, detail === undefined ? {} : { detail });
}
