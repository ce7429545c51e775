/**
 * Reads the claims of an authentic token, or of an introspection answer (RFC 7662 §2.2). For authors of
 * verifiers. The functions are pure: the clock is an argument. A refusal names a claim, and never its value.
 */

import { AuthError, type AuthErrorCode } from '../errors.ts';
import { valueAtPath } from './claim-path.ts';
import { earlyBy, lateBy } from './time-difference.ts';

/** Claims as received. Their types are not checked. */
export type Claims = Readonly<Record<string, unknown>>;

/** The path of a claim: its name, or a list of names from the outermost object to the claim. */
export type ClaimPath = string | readonly [string, ...string[]];

/** The limits of {@link judgeTimes}. */
export interface TimeRules {
  /** The accepted clock difference, in seconds. */
  readonly clockToleranceSeconds: number;
  /**
   * Longest time from `iat` to `exp`, in seconds. The clock tolerance is added, because issuers set
   * `iat` back. Not checked without an `iat`.
   */
  readonly maximumLifetimeSeconds: number;
}

/** When a token is valid, in seconds since the epoch, without the clock tolerance. */
export interface TimeSpan {
  /** The later one of `nbf` and `iat`; 0 without either. */
  readonly startsAt: number;
  /** `exp`. */
  readonly expiresAt: number;
}

// After this, in the year 5138, a number of seconds is one of milliseconds by mistake.
const latestSeconds = 100_000_000_000;
const maximumScopes = 256;
const longestIdentifier = 1_024;

/**
 * Checks `exp`, which is required, `nbf` and `iat` (RFC 7519 §4.1). An `nbf` or `iat` that is `null`,
 * `0` or empty counts as absent. Call it last: expiry is reported only for otherwise valid claims.
 *
 * @throws {AuthError} `token_claim_invalid`, `token_not_yet_valid`, `token_lifetime_excessive` or
 *   `token_expired`. The detail says by how many seconds the time or the lifetime is off.
 */
export function judgeTimes(
  { exp, nbf, iat }: Claims,
  { clockToleranceSeconds, maximumLifetimeSeconds }: TimeRules,
  nowSeconds: number,
): TimeSpan {
  const latestStart = nowSeconds + clockToleranceSeconds;
  const expiresAt = readTime(exp, 'exp');
  const notBefore = isAbsentTime(nbf) ? 0 : readTime(nbf, 'nbf');
  if (notBefore > latestStart) refuse('token_not_yet_valid', earlyBy('nbf', notBefore, nowSeconds));
  const issuedAt = isAbsentTime(iat) ? 0 : readTime(iat, 'iat');
  if (issuedAt > latestStart) refuse('token_not_yet_valid', earlyBy('iat', issuedAt, nowSeconds));
  const lifetime = expiresAt - issuedAt;
  if (issuedAt > 0 && lifetime > maximumLifetimeSeconds + clockToleranceSeconds) {
    refuse(
      'token_lifetime_excessive',
      `the token lives ${Math.ceil(lifetime)} seconds; the maximum lifetime is ${maximumLifetimeSeconds}`,
    );
  }
  // Negated, so that a clock that gives no number ends every token.
  if (!(nowSeconds < expiresAt + clockToleranceSeconds)) {
    refuse('token_expired', lateBy({ expiresAt, issuedAt, nowSeconds, clockToleranceSeconds }));
  }
  return { startsAt: Math.max(notBefore, issuedAt), expiresAt };
}

/** Servers write these for "no such time". */
function isAbsentTime(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 0;
}

/**
 * Whether an optional claim counts as absent: missing, `null`, an empty string or an empty list. Not
 * for `exp`, `aud` and `cnf`, where an empty value is an error.
 */
export function isEmptyClaim(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** A NumericDate (RFC 7519 §2). `Infinity` is what JSON's 1e999 becomes. */
function readTime(value: unknown, name: string): number {
  if (typeof value !== 'number') {
    refuse('token_claim_invalid', `${name}: ${kindOf(value, 'a number')}`);
  }
  if (!(value > 0)) refuse('token_claim_invalid', `${name}: not above zero`);
  if (!(value < latestSeconds)) refuse('token_claim_invalid', `${name}: not in seconds`);
  return value;
}

/**
 * Reads `aud`: one string, or a list of strings (RFC 7519 §4.1.3). Each must be well-formed and not empty. It
 * does not check whether this server is among them.
 *
 * @returns A new list. It is empty when there is no `aud`.
 * @throws {AuthError} `token_audience_mismatch` for every other shape.
 */
export function readAudience({ aud }: Claims): readonly string[] {
  const values: readonly unknown[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
  if (!values.every(isText)) {
    refuse('token_audience_mismatch', 'aud: not a string or a list of strings');
  }
  return Object.freeze([...values]);
}

/**
 * Reads a claim with an identifier, such as `sub`: a well-formed string of 1 to 1,024 characters.
 *
 * @throws {AuthError} `token_claim_invalid` for everything else, also when it is missing.
 */
export function readIdentifier(claims: Claims, name: string): string {
  const value = claims[name];
  if (!isText(value)) refuse('token_claim_invalid', `${name}: ${kindOf(value, 'a string')}`);
  if (value.length > longestIdentifier) {
    refuse('token_claim_invalid', `${name}: longer than ${longestIdentifier} characters`);
  }
  return value;
}

/**
 * Reads scopes from the first of `paths` with a value that is not empty. The value is a list of strings, or one
 * string with spaces between the scopes (RFC 6749 §3.3). It never merges the scopes of several claims.
 *
 * @returns At most 256 scopes. Empty when no path has a value.
 * @throws {AuthError} `token_claim_invalid` for a value of another type.
 */
export function readScopes(claims: Claims, paths: readonly ClaimPath[]): readonly string[] {
  for (const path of paths) {
    const value = valueAt(claims, path);
    if (isEmptyClaim(value)) continue;
    const scopes = typeof value === 'string' ? splitScopes(value) : value;
    const name = typeof path === 'string' ? path : path.join('.');
    if (!Array.isArray(scopes) || !scopes.every(isText)) {
      refuse('token_claim_invalid', `${name}: not a string or a list of strings`);
    }
    if (scopes.length > maximumScopes) {
      refuse('token_claim_invalid', `${name}: more than ${maximumScopes} scopes`);
    }
    return scopes;
  }
  return [];
}

function splitScopes(value: string): readonly string[] {
  return value.split(' ').filter((scope) => scope !== '');
}

function valueAt(claims: Claims, path: ClaimPath): unknown {
  return typeof path === 'string' ? claims[path] : valueAtPath(claims, path);
}

/**
 * Inherits nothing, as what `Object.create(null)` makes, but is small and fast to read: there is one
 * for every token that is remembered.
 */
class OwnMembers {
  readonly [name: string]: unknown;

  static {
    Object.setPrototypeOf(OwnMembers.prototype, null);
    Reflect.deleteProperty(OwnMembers.prototype, 'constructor');
    Object.freeze(OwnMembers.prototype);
  }
}

/**
 * Returns the claims that are not in `taken`, for {@link Principal.claims}. The object inherits nothing and is
 * frozen deeply. Its members are frozen in place and not copied.
 */
export function takeOtherClaims(claims: Claims, taken: ReadonlySet<string>): Claims {
  const others: Record<string, unknown> = new OwnMembers();
  for (const name of Object.keys(claims)) {
    if (!taken.has(name)) others[name] = freezeDeep(claims[name]);
  }
  return Object.freeze(others);
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freezeDeep(member);
    Object.freeze(value);
  }
  return value;
}

function kindOf(value: unknown, wanted: string): string {
  if (value === undefined) return 'absent';
  return value === null || value === '' ? 'empty' : `not ${wanted}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function refuse(code: AuthErrorCode, detail: string): never {
  throw new AuthError(code, { detail });
}
