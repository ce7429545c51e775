import { AuthError } from '@sallyport/core';
import type { JsonObject } from './compact-jws.ts';
import type { KeyQuery } from './key-source.ts';

/**
 * Which kind of token is meant. `rfc9068`: an access token that says so, `typ: at+jwt`.
 * `legacy`: also `typ: JWT` or none, as most providers issue, and then nothing that marks it as an
 * ID token.
 */
export type TokenProfile = 'rfc9068' | 'legacy';

const accessTokenTypes = ['at+jwt', 'application/at+jwt'];
const typesOf: Readonly<Record<TokenProfile, readonly string[]>> = {
  rfc9068: accessTokenTypes,
  legacy: [...accessTokenTypes, 'jwt', 'application/jwt'],
};

// Each changes how the rest is to be read, or offers a key; a token that needs one is not for us.
const refused = ['b64', 'crit', 'jku', 'jwk', 'x5u', 'zip', 'enc', 'p2c'] as const;

const longestKeyId = 256;

/**
 * Judges the header of a token and says which key it asks for. Nothing in it is dereferenced
 * (RFC 8725 §3.10); `x5c` and `x5t` are ignored.
 *
 * @throws {AuthError} `token_algorithm_forbidden` or `token_malformed`.
 */
export function readKeyQuery(header: JsonObject, algorithms: readonly string[]): KeyQuery {
  const { alg, kid } = header;
  const algorithm = algorithms.find((allowed) => allowed === alg);
  if (algorithm === undefined) throw new AuthError('token_algorithm_forbidden');
  for (const name of refused) {
    if (Object.hasOwn(header, name)) {
      throw new AuthError('token_malformed', { detail: `header: ${name}` });
    }
  }
  if (kid !== undefined && !isKeyId(kid)) {
    throw new AuthError('token_malformed', { detail: 'header: kid' });
  }
  return { algorithm, keyId: kid };
}

/** @throws {AuthError} `token_type_forbidden` for every kind of JWT that the profile is not for. */
export function judgeType({ typ, cty }: JsonObject, profile: TokenProfile): void {
  const isUntyped = typ === undefined && profile === 'legacy';
  if (!isUntyped && !isOneOf(typ, typesOf[profile])) {
    throw new AuthError('token_type_forbidden', { detail: 'header: typ' });
  }
  // A JWT within a JWT (RFC 7519 §5.2).
  if (isOneOf(cty, ['jwt', 'application/jwt'])) {
    throw new AuthError('token_type_forbidden', { detail: 'header: cty' });
  }
}

function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= longestKeyId;
}

function isOneOf(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'string' && names.includes(value.toLowerCase());
}
