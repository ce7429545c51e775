import { AuthError, ConfigError } from '@sallyport/core';
import type { KeyRing, VerificationKey } from '../keys/key-source.ts';
import { explainIssuer } from '../token/explain-mismatch.ts';
import { createTokenHeaders, type TokenHeaders } from '../token/header-cache.ts';
import type { ClaimRules } from '../token/validate-claims.ts';
import { readAlgorithms, readRules, tenantPlaceholder } from './read-issuer-options.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** A trusted `iss`, with its rules and keys. */
export interface Issuer {
  readonly headers: TokenHeaders;
  readonly rules: ClaimRules;
  readonly ring: KeyRing;
}

/** Every trusted `iss`. The `iss` of a token only selects one. It never causes a request. */
export interface Issuers {
  /**
   * @param iss As in the token, of any type.
   * @throws {AuthError} `token_issuer_untrusted`.
   */
  of(iss: unknown): Issuer;
  /** Fetches the keys of all of them. Never rejects. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the keys of each issuer: a key of one never verifies a token of another (RFC 8725 §3.8).
 *
 * @throws {ConfigError} When options are wrong, one `iss` is there twice, or shared secrets and
 *   public keys are mixed.
 */
export function openIssuers(options: readonly TrustedIssuer[]): Issuers {
  if (options.length === 0) throw new ConfigError('jwt.issuers', 'must name at least one');
  const secrets = options.filter(({ keys }) => keys?.kind === 'hmac');
  if (secrets.length > 0 && secrets.length < options.length) {
    // Every verifier with the shared secret can also sign, so its tokens deserve less trust.
    throw new ConfigError('jwt.issuers', 'must not mix shared secrets with public keys');
  }
  const byName = new Map<unknown, Issuer>();
  const rings: KeyRing[] = [];
  for (const each of options) {
    if (typeof each.keys?.open !== 'function') {
      throw new ConfigError('jwt.keys', 'must be a key source, such as remoteJwks({ url })');
    }
    const algorithms = readAlgorithms(each);
    const named = readRules(each);
    const ring = each.keys.open(algorithms);
    rings.push(ring);
    for (const [name, rules] of named) {
      if (byName.has(name)) throw new ConfigError('jwt.issuers', 'names the same issuer twice');
      const headers = createTokenHeaders({ algorithms, profile: rules.profile });
      byName.set(name, { headers, rules, ring });
    }
  }
  const names = [...byName.keys()].map(String);
  return {
    of(iss) {
      const issuer = byName.get(iss);
      if (issuer === undefined) {
        const detail = `iss (not verified): ${explainIssuer(iss, names)}`;
        throw new AuthError('token_issuer_untrusted', { detail });
      }
      return issuer;
    },

    async prepare() {
      await Promise.all(rings.map((ring) => ring.prepare?.()));
    },

    async close() {
      await Promise.all(rings.map((ring) => ring.close?.()));
    },
  };
}

/** Entra publishes keys of many tenants in one set, each with the issuer that it is for. */
export function assertKeyIssuer(
  { issuer }: VerificationKey,
  { rules }: Issuer,
  iss: unknown,
): void {
  if (issuer !== undefined && issuer.replace(tenantPlaceholder, rules.tenant ?? '') !== iss) {
    throw new AuthError('token_issuer_untrusted', { detail: 'the key belongs to another issuer' });
  }
}
