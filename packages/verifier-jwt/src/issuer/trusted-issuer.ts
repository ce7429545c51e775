/** The options of a trusted issuer. */

import type { AsymmetricAlgorithm } from '@sallyport/core';
import { type Checks, type ClaimPath, check } from '@sallyport/core';
import type { HmacKeySource, PublicKeySource } from '../keys/key-source.ts';
import type { HmacAlgorithm } from '../signature/hmac-algorithms.ts';
import type { TokenProfile } from '../token/validate-header.ts';

type OneOrMore<T> = readonly [T, ...T[]];

// The compiler explains a wrong object by the last member of a union that fits it equally well. So the usual
// member of each union below is the last one: a forgotten audience is then called that.

/** For issuers whose `aud` does not name a server. The client replaces it. */
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

/** The recipients of tokens. `audience` or `clientIds` is required. No value means "everybody". */
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
 * The keys that sign tokens. The kind of key decides which algorithms are allowed, so a public key
 * cannot be used as a shared secret (RFC 8725 §2.1).
 */
type KeyOptions = HmacKeyOptions | PublicKeyOptions;

/** An issuer whose tokens are accepted, and the rules for them. No rule can be switched off. */
export type TrustedIssuer = IssuerOptions & AudienceOptions & KeyOptions;

/** The options of a {@link TrustedIssuer}, without audience and keys. */
export interface IssuerOptions {
  /**
   * The exact `iss` of trusted tokens. Compared as a string: a trailing slash matters. With
   * {@link tenants} it contains `{tenantid}`.
   */
  readonly issuer: string;
  /** Other spellings of the same issuer. Google has one. Principals always carry `issuer`. */
  readonly issuerAliases?: readonly string[];
  /** GUIDs that replace `{tenantid}`. The `tid` of a token must be the one in its `iss`. */
  readonly tenants?: OneOrMore<string>;
  /** Refuses tokens for several audiences. Default false (RFC 7519 §4.1.3 allows them). */
  readonly singleAudience?: boolean;
  /**
   * Claims that can hold the client. The first claim that a token has counts. Default `client_id`;
   * in profiles other than `rfc9068` also `azp`, `cid` and `appid`, in this order.
   */
  readonly clientIdClaims?: OneOrMore<string>;
  /**
   * Refuses tokens that have none of {@link clientIdClaims}. Without it, the subject becomes the
   * client of such a token. Always on in the profile `rfc9068` and with `clientIds`. It tells access
   * tokens from ID tokens and sessions, if only access tokens name a client.
   */
  readonly requireClientId?: true;
  /**
   * The beginning of `sub` in tokens that clients get for themselves, if only `sub` names the client.
   * Stytch has `m2m-client-`. Default none.
   */
  readonly clientSubjectPrefix?: string;
  /**
   * Claims that a token must have with this exact value, or with one of a list. Such as
   * `{ token_use: 'access' }`. Default none.
   */
  readonly requiredClaims?: Readonly<Record<string, string | boolean | OneOrMore<string>>>;
  /**
   * Claims that can hold the scopes. The first claim that a token has counts. Claims are never
   * combined. Default `scope`, then `scp`. In the profile `id-token` the default is none.
   */
  readonly scopeClaims?: readonly ClaimPath[];
  /** Clock difference to tolerate, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /**
   * Longest time from `iat` to `exp`, in seconds: 60 to 31,536,000. The clock tolerance is added.
   * Not checked for tokens without `iat`. Default 90,000: a day, plus an hour for issuers that set
   * `iat` back.
   */
  readonly maximumLifetimeSeconds?: number;
  /** The kind of token that is accepted. Default `rfc9068`. */
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
