import { AuthError, ConfigError, type TokenVerifier } from '@sallyport/core';
import {
  type AsymmetricAlgorithm,
  asymmetricAlgorithms,
  type HmacAlgorithm,
  hmacKeyBytes,
} from './algorithms.ts';
import { type ClaimRules, judgeClaims } from './claims.ts';
import { parseCompactJws } from './compact-jws.ts';
import { judgeType, readKeyQuery, type TokenProfile } from './header.ts';
import type { HmacKeySource, PublicKeySource } from './key-source.ts';
import { verifySignature } from './signature.ts';

/** What every {@link createJwtVerifier} needs. Nothing of it has an "off" value. */
export interface JwtClaimOptions {
  /** Exact `iss` to trust. Compared as a string: a trailing slash matters. */
  readonly issuer: string;
  /** This server as tokens name it (RFC 8707). One `aud` value must equal one of these exactly. */
  readonly audience: string | readonly [string, ...string[]];
  /** Clock difference to forgive, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /**
   * Longest time from `iat` to `exp`, in seconds: 60 to 31,536,000. Not checked for tokens without
   * `iat`. Default 86,400 (a day).
   */
  readonly maximumLifetimeSeconds?: number;
  /** Which kind of token is meant. Default `rfc9068`. */
  readonly profile?: TokenProfile;
}

/**
 * Options for {@link createJwtVerifier}. The kind of key decides which algorithms there are, so that
 * a public key can never serve as a shared secret (RFC 8725 §2.1).
 */
export type JwtVerifierOptions = JwtClaimOptions &
  (
    | {
        readonly keys: PublicKeySource;
        /** Allowed `alg` values, compared exactly. At least one. */
        readonly algorithms: readonly [AsymmetricAlgorithm, ...AsymmetricAlgorithm[]];
      }
    | {
        readonly keys: HmacKeySource;
        /** The one `alg` that the secret is for. */
        readonly algorithms: readonly [HmacAlgorithm];
      }
  );

/**
 * Verifies JWT access tokens (RFC 9068 §4, RFC 8725): signature, type, issuer, audience, times.
 * `exp`, `sub` and, by RFC 9068, `client_id` must be present.
 *
 * It does not check scopes, does not ask whether a token was revoked, and refuses tokens that are
 * bound to a sender (`cnf`).
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
export function createJwtVerifier(options: JwtVerifierOptions): TokenVerifier {
  const { keys, profile = 'rfc9068' } = options;
  const algorithms = readAlgorithms(keys, options.algorithms);
  const rules = readRules(options, profile);
  const ring = keys.open(algorithms);

  return {
    name: 'jwt',

    async verify(token, context) {
      const jws = parseCompactJws(token);
      const query = readKeyQuery(jws.header, algorithms);
      judgeType(jws.header, profile);
      if (keys.kind === 'jwks' && query.keyId === undefined) {
        throw new AuthError('token_malformed', { detail: 'header: kid' });
      }
      // Keys belong to an issuer: for another one there is nothing to look up (RFC 8725 §3.8).
      if (jws.payload['iss'] !== rules.issuer) throw new AuthError('token_issuer_untrusted');

      const key = await ring.find(query, context);
      await verifySignature(jws, query.algorithm, key);
      return judgeClaims(jws.payload, rules, context.nowSeconds);
    },

    async close() {
      await ring.close?.();
    },
  };
}

/** The types say the same; this is for JavaScript, and for algorithms out of configuration. */
function readAlgorithms(
  { kind }: JwtVerifierOptions['keys'],
  algorithms: readonly string[],
): readonly string[] {
  const option = 'jwt.algorithms';
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new ConfigError(option, 'must name at least one');
  }
  const known: ReadonlyMap<string, unknown> = kind === 'hmac' ? hmacKeyBytes : asymmetricAlgorithms;
  for (const algorithm of algorithms) {
    if (known.has(algorithm)) continue;
    if (kind === 'jwks' && hmacKeyBytes.has(algorithm)) {
      throw new ConfigError(option, 'HMAC algorithms cannot be used with JWKS endpoints');
    }
    throw new ConfigError(
      option,
      `must be among ${[...known.keys()].join(', ')} for this kind of key`,
    );
  }
  return Object.freeze([...algorithms]);
}

function readRules(options: JwtClaimOptions, profile: TokenProfile): ClaimRules {
  const { issuer, clockToleranceSeconds = 60, maximumLifetimeSeconds = 86_400 } = options;
  const audience = [options.audience].flat();
  assertName('jwt.issuer', issuer);
  if (audience.length === 0) throw new ConfigError('jwt.audience', 'must name at least one');
  for (const name of audience) assertName('jwt.audience', name);
  assertNumber('jwt.clockToleranceSeconds', clockToleranceSeconds, 0, 120);
  assertNumber('jwt.maximumLifetimeSeconds', maximumLifetimeSeconds, 60, 31_536_000);
  if (profile !== 'rfc9068' && profile !== 'legacy') {
    throw new ConfigError('jwt.profile', 'must be rfc9068 or legacy');
  }
  return {
    issuer,
    audience: new Set(audience),
    clockToleranceSeconds,
    maximumLifetimeSeconds,
    profile,
  };
}

/** An issuer need not be a URL, but white space around one is always a mistake. */
function assertName(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || /\s/.test(value) || value === '*') {
    throw new ConfigError(option, 'must be the exact value, without white space');
  }
}

function assertNumber(option: string, value: unknown, minimum: number, maximum: number): void {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    throw new ConfigError(option, `must be a number from ${minimum} to ${maximum}`);
  }
}
