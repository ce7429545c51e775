import { AuthError, asymmetricAlgorithms, isEmptyClaim } from '@sallyport/core';
import type { KeyQuery } from '../keys/key-source.ts';
import { hmacKeyBytes } from '../signature/hmac-algorithms.ts';
import type { JsonObject } from './compact-jws.ts';

/**
 * The kind of token that is accepted.
 *
 * - `rfc9068`: access tokens with `typ: at+jwt` (RFC 9068 §2.1).
 * - `legacy`: also `typ: JWT` or no `typ`, as most providers issue. ID tokens are recognised and refused.
 * - `id-token`: `typ: JWT` or no `typ`, for services whose only JWTs are ID tokens.
 */
export type TokenProfile = 'rfc9068' | 'legacy' | 'id-token';

const accessTokenTypes = ['at+jwt', 'application/at+jwt'];
const plainTypes = ['jwt', 'application/jwt'];
const typesOf: Readonly<Record<TokenProfile, readonly string[]>> = {
  rfc9068: accessTokenTypes,
  legacy: [...accessTokenTypes, ...plainTypes],
  'id-token': plainTypes,
};
/** All of them, for messages. */
export const tokenProfiles: readonly string[] = Object.keys(typesOf);

// Each of these changes how the token is read, or offers a key. Such tokens are not supported.
const refused = ['b64', 'crit', 'jwk', 'zip', 'enc', 'p2c'] as const;

const longestKeyId = 256;

/**
 * Validates the header of a token without its type, and reads which key it names. Nothing in it is
 * dereferenced (RFC 8725 §3.10): `jku`, `x5u`, `x5c` and `x5t` are ignored, because only configured
 * keys are trusted. An empty `kid` counts as absent.
 *
 * @throws {AuthError} `token_algorithm_forbidden` or `token_malformed`.
 */
export function readKeyQuery(header: JsonObject, algorithms: readonly string[]): KeyQuery {
  const { alg } = header;
  const kid = isEmptyClaim(header['kid']) ? undefined : header['kid'];
  const algorithm = algorithms.find((allowed) => allowed === alg);
  if (algorithm === undefined) {
    const detail = `header: alg: ${familyOf(alg)}; configured: ${algorithms.join(', ')}`;
    throw new AuthError('token_algorithm_forbidden', { detail });
  }
  for (const name of refused) {
    if (Object.hasOwn(header, name)) {
      throw new AuthError('token_malformed', { detail: `header: ${name}: not supported` });
    }
  }
  if (kid !== undefined && !isKeyId(kid)) {
    const detail = `header: kid: not a string of at most ${longestKeyId} bytes`;
    throw new AuthError('token_malformed', { detail });
  }
  return { algorithm, keyId: kid };
}

/** The rules for the headers of one issuer's tokens. */
export interface HeaderRules {
  readonly algorithms: readonly string[];
  readonly profile: TokenProfile;
}

/**
 * Validates a header with its type.
 *
 * @throws {AuthError} `token_algorithm_forbidden`, `token_type_forbidden` or `token_malformed`.
 */
export function validateHeader(header: JsonObject, rules: HeaderRules): KeyQuery {
  const query = readKeyQuery(header, rules.algorithms);
  validateType(header, rules.profile);
  return query;
}

/** @throws {AuthError} `token_type_forbidden` for a type that the profile does not accept. */
function validateType({ typ, cty }: JsonObject, profile: TokenProfile): void {
  const isUntyped = typ === undefined && profile !== 'rfc9068';
  if (!isUntyped && !isOneOf(typ, typesOf[profile])) {
    throw new AuthError('token_type_forbidden', { detail: typeDetail(typ, profile) });
  }
  // A JWT within a JWT (RFC 7519 §5.2).
  if (isOneOf(cty, plainTypes)) {
    throw new AuthError('token_type_forbidden', { detail: 'header: cty: a JWT within a JWT' });
  }
}

/** Describes the algorithm of a token in words from a closed list. */
function familyOf(alg: unknown): string {
  if (typeof alg !== 'string') return 'absent';
  if (asymmetricAlgorithms.has(alg)) return `${alg}, a public-key algorithm`;
  if (hmacKeyBytes.has(alg)) return `${alg}, a shared-secret algorithm`;
  return alg.toLowerCase() === 'none' ? 'none, an unsigned token' : 'an unsupported algorithm';
}

function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= longestKeyId;
}

// Kinds of JWT with a registered type, for messages.
const otherTypes: ReadonlyMap<string, string> = new Map([
  ['dpop+jwt', 'a DPoP proof'],
  ['logout+jwt', 'a logout token'],
  ['secevent+jwt', 'a security event'],
  ['token-introspection+jwt', 'an introspection response'],
  ['oauth-authz-req+jwt', 'an authorization request'],
  ['client-authentication+jwt', 'a client assertion'],
  ['entity-statement+jwt', 'an entity statement'],
  ['rt+jwt', 'a refresh token'],
]);

function typeDetail(typ: unknown, profile: TokenProfile): string {
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  const other = otherTypes.get(name);
  if (other !== undefined) return `header: typ: ${other}, and not an access token`;
  const found = isOneOf(typ, [...accessTokenTypes, ...plainTypes]) ? String(typ) : 'another type';
  const kind = isEmptyClaim(typ) ? 'absent' : found.toLowerCase();
  return `header: typ: ${kind}; the profile ${profile} needs ${typesOf[profile].join(' or ')}`;
}

function isOneOf(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'string' && names.includes(value.toLowerCase());
}
