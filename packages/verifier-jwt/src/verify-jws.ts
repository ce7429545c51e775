import {
  type AsymmetricAlgorithm,
  AuthError,
  asymmetricAlgorithms,
  type Checks,
  ConfigError,
  check,
  checkArgument,
  checkOptions,
} from '@sallyport/core';
import { readKeySet } from './keys/key-set.ts';
import { holdsSignature } from './signature/verify-signature.ts';
import { type JsonObject, parseCompactJws } from './token/compact-jws.ts';
import { readKeyQuery } from './token/validate-header.ts';

/** Options for {@link verifyJws}. */
export interface VerifyJwsOptions {
  /** Allowed `alg` values, compared exactly. At least one. */
  readonly algorithms: readonly [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]];
}

/** The signed parts of a token. */
export interface VerifiedJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

// A function, so that bundles leave it out where nothing calls the factory.
const optionChecks = (): Checks<VerifyJwsOptions> => ({
  algorithms: check.texts,
});

/**
 * Validates the form and the signature of a signed token that is not an access token.
 *
 * This does NOT validate any claim, not even issuer, audience or expiry, and it does not validate
 * `typ`. Every call imports the keys again. For many tokens, use `createJwtVerifier`.
 *
 * @param jwks A JWK set (RFC 7517 §5). The `kid` of the token selects the key.
 * @throws {AuthError} `token_malformed`, `token_algorithm_forbidden`, `token_key_unknown` or
 *   `token_signature_invalid`; `upstream_unavailable` when `jwks` is not a JWK set.
 * @throws {ConfigError} When `algorithms` is empty or names an unknown algorithm.
 */
export async function verifyJws(
  token: string,
  jwks: { readonly keys: readonly unknown[] },
  options: VerifyJwsOptions,
): Promise<VerifiedJws> {
  const { algorithms } = checkOptions('jws', options, optionChecks());
  checkArgument('jws.token', token, check.text);
  if (algorithms.length === 0 || !algorithms.every((name) => asymmetricAlgorithms.has(name))) {
    throw new ConfigError('jws.algorithms', 'must name at least one algorithm for public keys');
  }
  const jws = parseCompactJws(token);
  const query = readKeyQuery(jws.header, algorithms);
  const key = readKeySet(jwks, algorithms).find(query);
  if (key === undefined) throw new AuthError('token_key_unknown');
  const holds = holdsSignature(jws, query.algorithm, key);
  if (!holds) throw new AuthError('token_signature_invalid');
  return { header: jws.header, payload: jws.payload };
}
