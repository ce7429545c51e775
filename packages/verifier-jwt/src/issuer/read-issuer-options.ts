/** From options to rules: everything about a trusted issuer that can be wrong is found at the start. */
import { asymmetricAlgorithms, ConfigError, spellingsOfAudience } from '@sallyport/core';
import { hmacKeyBytes } from '../signature/hmac-algorithms.ts';
import type { ClaimRules } from '../token/validate-claims.ts';
import { type TokenProfile, tokenProfiles } from '../token/validate-header.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** Where an Entra issuer has the tenant's GUID. */
export const tenantPlaceholder = '{tenantid}';
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The rules for each `iss` that tokens may have.
 *
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the others.
 */
export function readRules(options: TrustedIssuer): ReadonlyMap<string, ClaimRules> {
  const { issuer, issuerAliases = [], tenants } = options;
  for (const name of [issuer, ...issuerAliases]) assertName('jwt.issuer', name);
  const rules = readCommonRules(options);
  if (tenants === undefined) {
    if (issuer.includes('{')) {
      throw new ConfigError('jwt.issuer', 'contains a placeholder: list the trusted tenants');
    }
    return new Map(
      [issuer, ...issuerAliases].map((name) => [name, { ...rules, issuer, tenant: undefined }]),
    );
  }
  if (!issuer.includes(tenantPlaceholder) || issuerAliases.length > 0) {
    throw new ConfigError(
      'jwt.issuer',
      `must contain ${tenantPlaceholder}, and must have its exact spelling`,
    );
  }
  return new Map(
    [...readSet('jwt.tenants', tenants)].map((name) => {
      const tenant = name.toLowerCase();
      if (!guid.test(tenant)) throw new ConfigError('jwt.tenants', 'must be GUIDs');
      const own = issuer.replace(tenantPlaceholder, tenant);
      return [own, { ...rules, issuer: own, tenant }];
    }),
  );
}

/**
 * The types say the same; this is for JavaScript, and for algorithms out of configuration.
 *
 * @throws {ConfigError} When one does not fit the kind of key.
 */
export function readAlgorithms({ keys, algorithms }: TrustedIssuer): readonly string[] {
  const option = 'jwt.algorithms';
  const names: readonly string[] = algorithms;
  if (!Array.isArray(names) || names.length === 0) {
    throw new ConfigError(option, 'must name at least one');
  }
  const { kind } = keys;
  const known: ReadonlyMap<string, unknown> = kind === 'hmac' ? hmacKeyBytes : asymmetricAlgorithms;
  for (const algorithm of names) {
    if (known.has(algorithm)) continue;
    if (kind === 'jwks' && hmacKeyBytes.has(algorithm)) {
      throw new ConfigError(option, 'HMAC algorithms cannot be used with JWKS endpoints');
    }
    throw new ConfigError(
      option,
      `must be among ${[...known.keys()].join(', ')} for this kind of key`,
    );
  }
  return Object.freeze([...names]);
}

function readCommonRules(options: TrustedIssuer): Omit<ClaimRules, 'issuer' | 'tenant'> {
  const {
    audience,
    clientIds,
    profile = 'rfc9068',
    requiredClaims = {},
    requireClientId,
  } = options;
  const { clockToleranceSeconds = 60, maximumLifetimeSeconds = 90_000 } = options;
  if (audience === undefined && clientIds === undefined) {
    throw new ConfigError(
      'jwt.audience',
      'must be the aud of tokens for this server. If the issuer sets no usable aud, set clientIds',
    );
  }
  if (options.clientSubjectPrefix === '') {
    throw new ConfigError(
      'jwt.clientSubjectPrefix',
      'must not be empty: it would match every subject',
    );
  }
  if (!tokenProfiles.includes(profile)) {
    throw new ConfigError('jwt.profile', `must be among ${tokenProfiles.join(', ')}`);
  }
  assertNumber('jwt.clockToleranceSeconds', clockToleranceSeconds, 0, 120);
  assertNumber('jwt.maximumLifetimeSeconds', maximumLifetimeSeconds, 60, 31_536_000);
  return {
    audience:
      audience === undefined
        ? undefined
        : spellingsOfAudience(readSet('jwt.audience', [audience].flat())),
    clientIds: clientIds === undefined ? undefined : readSet('jwt.clientIds', clientIds),
    singleAudience: options.singleAudience ?? false,
    needsClientId: profile === 'rfc9068' || clientIds !== undefined || requireClientId === true,
    clientIdClaims: options.clientIdClaims ?? defaultClientIdClaims(profile),
    clientSubjectPrefix: options.clientSubjectPrefix,
    requiredClaims: new Map(
      Object.entries(requiredClaims).map(([name, value]) => [name, [value].flat()]),
    ),
    scopeClaims: options.scopeClaims ?? (profile === 'id-token' ? [] : ['scope', 'scp']),
    clockToleranceSeconds,
    maximumLifetimeSeconds,
    profile,
  };
}

/** `client_id` is RFC 9068's; the others are what providers had before it. */
function defaultClientIdClaims(profile: TokenProfile): readonly string[] {
  return profile === 'rfc9068' ? ['client_id'] : ['client_id', 'azp', 'cid', 'appid'];
}

function readSet(option: string, names: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(names) || names.length === 0) {
    throw new ConfigError(option, 'must name at least one');
  }
  for (const name of names) assertName(option, name);
  return new Set(names);
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
