import {
  assertConfirmationAccepted,
  assertTokenSize,
  type Checks,
  check,
  checkOptions,
  type TokenVerifier,
  type VerifyContext,
} from '@sallyport/core';
import { assertKeyIssuer, openIssuers } from './issuer/issuer-registry.ts';
import { issuerChecks, type TrustedIssuer } from './issuer/trusted-issuer.ts';
import { refuseSignature } from './signature/explain-signature.ts';
import { findPreviousKey, findSuccessor, holdsSignature } from './signature/verify-signature.ts';
import { parseSegment, readSignedText, splitCompactJws } from './token/compact-jws.ts';
import { explainKind, type RefusedToken } from './token/explain-token-kind.ts';
import { toPrincipal, type ValidClaims, validateClaims } from './token/validate-claims.ts';
import { createVerifiedTokens, type TokenCacheOptions } from './token/verified-token-cache.ts';

/** Options for {@link createJwtVerifier}: one issuer, or a list of issuers with separate keys. */
export type JwtVerifierOptions = (
  | TrustedIssuer
  | { readonly issuers: readonly [TrustedIssuer, ...TrustedIssuer[]] }
) & {
  /** The cache of verified tokens. A cached token does not need its signature verified again. */
  readonly cache?: TokenCacheOptions;
};

const cacheCheck = check.optional(
  check.options<TokenCacheOptions>({ maximumTokens: check.optional(check.number) }),
);

const severalChecks: Pick<Checks<JwtVerifierOptions>, 'issuers' | 'cache'> = {
  issuers: check.listOf(check.options(issuerChecks)),
  cache: cacheCheck,
};

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Options that cannot be read have no names. `checkOptions` reports them. */
function namesOf(options: unknown): readonly string[] {
  try {
    return Object.keys(Object(options));
  } catch {
    return [];
  }
}

/** A list of issuers excludes the options of a single issuer. */
function checksFor(options: JwtVerifierOptions): Checks<JwtVerifierOptions> {
  const isSeveral = namesOf(options).includes('issuers');
  const checks: Partial<Checks<JwtVerifierOptions>> = isSeveral
    ? severalChecks
    : { ...issuerChecks, cache: cacheCheck };
  return checks as Checks<JwtVerifierOptions>;
}

/**
 * Creates a verifier of JWT access tokens (RFC 9068 §4, RFC 8725). It validates signature, type,
 * issuer, audience and times. `exp` and `sub` are required, and `client_id` in the profile `rfc9068`.
 *
 * It does not check scopes, and it does not ask whether a token was revoked. It refuses tokens that
 * are bound to a sender (`cnf`), unless the context says that the guard checks the proof.
 *
 * Verified tokens are cached until their `exp`, or until their key is withdrawn. A token has at most
 * 8,192 bytes. The guard's `maximumTokenBytes` changes that.
 *
 * @example
 * ```ts
 * const verifier = createJwtVerifier({
 *   issuer: 'https://auth.example.com',
 *   audience: 'https://mcp.example.com/mcp',
 *   algorithms: ['RS256'],
 *   keys: remoteJwks({ url: 'https://auth.example.com/jwks', environment }),
 * });
 * ```
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the others.
 */
export function createJwtVerifier(given: JwtVerifierOptions): TokenVerifier {
  const { cache, ...checked } = checkOptions('jwt', given, checksFor(given));
  const trusted = 'issuers' in checked ? checked.issuers : [checked];
  const issuers = openIssuers(trusted);
  const profile = trusted.every((each) => each.profile === 'id-token') ? 'id-token' : undefined;
  const verified = createVerifiedTokens(cache ?? {});

  /** @param seen Receives what the token says. The detail of a refusal needs it. */
  async function verifyNew(
    token: string,
    digest: string,
    context: VerifyContext,
    seen: Mutable<RefusedToken>,
  ): Promise<ValidClaims> {
    const segments = splitCompactJws(token);
    const claims = parseSegment(segments.payload, 'payload');
    seen.claims = claims;
    const issuer = issuers.of(claims['iss']);
    seen.profile = issuer.rules.profile;
    const query = issuer.headers.read(segments.header);
    const found = issuer.ring.find(query, context);
    const key = found instanceof Promise ? await found : found;
    assertKeyIssuer(key, issuer, claims['iss']);
    const jws = readSignedText(token, segments);
    const signer = holdsSignature(jws, query.algorithm, key)
      ? key
      : (findPreviousKey(jws, query, issuer.ring) ??
        (await findSuccessor(jws, { query, ring: issuer.ring, key }, context)));
    if (signer === undefined) throw refuseSignature(jws, query, key);
    if (signer !== key) assertKeyIssuer(signer, issuer, claims['iss']);
    issuer.headers.remember(segments.header, query);
    const valid = validateClaims(claims, issuer.rules, context);
    verified.set(digest, { valid, ring: issuer.ring, query, key: signer }, token.length);
    return valid;
  }

  return {
    name: 'jwt',

    async verify(token, context) {
      assertTokenSize(token, context.maximumTokenBytes);
      const digest = verified.digest(token);
      const known = verified.get(digest, context.nowSeconds);
      if (known !== undefined) {
        const found = known.ring.find(known.query, context);
        const key = found instanceof Promise ? await found : found;
        if (key === known.key || known.ring.previous?.(known.query).includes(known.key)) {
          assertConfirmationAccepted(known.valid.confirmation, context.confirmationMethods);
          return toPrincipal(known.valid);
        }
      }

      const refused: Mutable<RefusedToken> = { token, claims: undefined, profile };
      try {
        return toPrincipal(await verifyNew(token, digest, context, refused));
      } catch (error) {
        throw explainKind(error, refused);
      }
    },

    prepare: () => issuers.prepare(),
    readings: verified.readings,
    close: () => issuers.close(),
  };
}
