/** What can be said of an issuer whose tokens are trusted. */

import type { AsymmetricAlgorithm } from '@sallyport/core';
import { type Checks, type ClaimPath, check } from '@sallyport/core';
import type { HmacKeySource, PublicKeySource } from '../keys/key-source.ts';
import type { HmacAlgorithm } from '../signature/hmac-algorithms.ts';
import type { TokenProfile } from '../token/validate-header.ts';

type OneOrMore<T> = readonly [T, ...T[]];

// The compiler explains a wrong object by the last member of a union that fits it equally well. So the usual
// member of each union below is the last one: a forgotten audience is then called that.

/** For clients that stand in for an audience, where the issuer puts nothing usable into `aud`. */
interface ClientOptions {
  /** If it is absent, `aud` is not validated. */
  readonly audience?: string | OneOrMore<string>;
  /** Clients whose tokens are accepted, exactly. */
  readonly clientIds: OneOrMore<string>;
}

/** For tokens that name this server. */
interface ServerOptions {
  /**
   * This server as tokens name it (RFC 8707). One `aud` value must equal one of these exactly.
   * A URL without a path matches with and without its final slash (RFC 3986 §6.2.3).
   */
  readonly audience: string | OneOrMore<string>;
  /** Clients whose tokens are accepted. Default every client of the issuer. */
  readonly clientIds?: OneOrMore<string>;
}

/** For whom tokens are. One of the two must be said, and there is no value for "everybody". */
export type AudienceOptions = ClientOptions | ServerOptions;

interface HmacKeyOptions {
  readonly keys: HmacKeySource;
  /** The one `alg` that the secret is for. */
  readonly algorithms: readonly [HmacAlgorithm];
}

interface PublicKeyOptions {
  readonly keys: PublicKeySource;
  /** Allowed `alg` values, compared exactly. At least one. */
  readonly algorithms: OneOrMore<AsymmetricAlgorithm>;
}

/**
 * With what tokens are signed. The kind of key decides which algorithms there are, so that a public
 * key can never serve as a shared secret (RFC 8725 §2.1).
 */
export type KeyOptions = HmacKeyOptions | PublicKeyOptions;

/** An issuer, and what its tokens must say. Nothing of it has an "off" value. */
export type TrustedIssuer = IssuerOptions & AudienceOptions & KeyOptions;

/** The options of a {@link TrustedIssuer} besides audience and keys. */
export interface IssuerOptions {
  /**
   * Exact `iss` to trust. Compared as a string: a trailing slash matters. With {@link tenants} it
   * has `{tenantid}` in it.
   */
  readonly issuer: string;
  /** Other spellings of the very same issuer, as Google has one. Principals carry `issuer`. */
  readonly issuerAliases?: readonly string[];
  /** GUIDs of the tenants to trust, in place of `{tenantid}`; a token's `tid` must be the same one. */
  readonly tenants?: OneOrMore<string>;
  /** Refuses tokens for several audiences. Default false (RFC 7519 §4.1.3 allows them). */
  readonly singleAudience?: boolean;
  /**
   * Claims that may hold the client; the first that a token has counts. Default `client_id`, and in
   * other profiles than `rfc9068` then `azp`, `cid` and `appid`.
   */
  readonly clientIdClaims?: OneOrMore<string>;
  /**
   * Refuses tokens without any of those claims, which are their subject's own otherwise. Always so
   * in the profile `rfc9068`, and where `clientIds` are named. Providers that put a client into
   * access tokens and none into ID tokens or sessions have them told apart by it.
   */
  readonly requireClientId?: true;
  /**
   * How the subjects of clients begin that act for themselves: their tokens name the client in `sub` alone,
   * as those of Stytch do (`m2m-client-`). Default none.
   */
  readonly clientSubjectPrefix?: string;
  /**
   * Claims that must be there with this very value, such as `{ token_use: 'access' }`, or with one of a list.
   */
  readonly requiredClaims?: Readonly<Record<string, string | boolean | OneOrMore<string>>>;
  /**
   * Claims that may hold the scopes; the first that a token has counts, and never the union. Default
   * `scope`, then `scp`; none in the profile `id-token`.
   */
  readonly scopeClaims?: readonly ClaimPath[];
  /** Clock difference to forgive, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /**
   * Longest time from `iat` to `exp`, in seconds: 60 to 31,536,000. The clock tolerance is added.
   * Not checked for tokens without `iat`. Default 90,000: a day, and an hour for issuers that set
   * `iat` back.
   */
  readonly maximumLifetimeSeconds?: number;
  /** Which kind of token is meant. Default `rfc9068`. */
  readonly profile?: TokenProfile;
}

const oneOrMoreTexts = check.either(
  'must be a string or an array of strings',
  check.text,
  check.texts,
);

/** The run-time check of {@link TrustedIssuer}. The verifier checks which options are needed. */
export const issuerChecks: Checks<TrustedIssuer> = {
  issuer: check.text,
  issuerAliases: check.optional(check.texts),
  tenants: check.optional(check.texts),
  audience: check.optional(oneOrMoreTexts),
  clientIds: check.optional(check.texts),
  keys: check.shape('a key source', { kind: 'string', open: 'function' }),
  algorithms: check.texts,
  singleAudience: check.optional(check.flag),
  clientIdClaims: check.optional(check.texts),
  requireClientId: check.optional(check.flag),
  clientSubjectPrefix: check.optional(check.text),
  requiredClaims: check.optional(
    check.recordOf(
      check.either(
        'must be a string, an array of strings, true or false',
        check.text,
        check.texts,
        check.flag,
      ),
    ),
  ),
  scopeClaims: check.optional(check.listOf(oneOrMoreTexts)),
  clockToleranceSeconds: check.optional(check.number),
  maximumLifetimeSeconds: check.optional(check.number),
  profile: check.optional(check.text),
};
