import { type Environment, Secret } from '@sallyport/core';
import type { JwtAuthentication } from './config.ts';
import {
  clockSkew,
  jwksCacheTtl,
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtMaximumLifetime,
  jwtProvider,
  jwtRequiredScopes,
  jwtTenant,
  publicKey,
} from './jwt-variables.ts';
import { refusePlaceholder } from './placeholders.ts';
import { presets } from './presets.ts';
import { type ProviderName, withoutAudience } from './provider-names.ts';
import { recogniseProvider } from './recognise-provider.ts';
import { authorizationServers, toolScopes } from './server-variables.ts';
import type { Settings } from './settings.ts';

// Their issuers name no audience, or one that says nothing: clients stand in for it.
const namedByClients: ReadonlySet<ProviderName> = new Set(['authentik', 'cognito', 'supabase']);
/** Theirs are ID tokens, which have no scopes. */
export const withoutScopes: ReadonlySet<ProviderName | undefined> = new Set(['firebase', 'google']);

const withoutPreset = `has no meaning without ${jwtProvider.name}, unless ${jwtIssuer.name} is one of Google's or Entra's`;

/** JWT access tokens. */
export function readJwt(settings: Settings, environment: Environment): JwtAuthentication {
  const named = settings.read(jwtProvider);
  // A misspelt preset is the problem. What the right one knows is not missing.
  const isMisspelt = named === undefined && settings.isSet(jwtProvider);
  refuseIssuerList(settings);
  refuseTenantAlone(settings);
  const issuer = isMisspelt
    ? settings.read(jwtIssuer)
    : named === undefined
      ? settings.require(jwtIssuer)
      : refuseBoth(settings, jwtIssuer);
  const algorithm = readAlgorithm(settings);
  const isHmac = algorithm.startsWith('HS');
  const provider = named ?? (isHmac ? undefined : recogniseProvider(issuer));
  const clientIds = settings.read(jwtClientIds);
  const audiences = isMisspelt ? settings.read(jwtAudience) : readAudiences(settings, named);
  for (const [variable, text] of [
    [jwtIssuer, issuer],
    [jwtAudience, audiences.join(' ')],
    [jwtClientIds, clientIds.join(' ')],
  ] as const) {
    refusePlaceholder(settings, variable, text, environment);
  }
  if (withoutScopes.has(provider)) refuseScopes(settings);
  refuseUnreachable(settings, issuer);
  const tenant = readTenant(settings, provider);
  refusePlaceholder(settings, jwtTenant, tenant, environment);
  return {
    type: 'jwt',
    provider,
    tenant,
    issuer,
    audience: audiences[0],
    otherAudiences: audiences.slice(1),
    clientIds,
    algorithm: named === undefined || settings.isSet(jwtAlgorithm) ? algorithm : undefined,
    keys: readKeys(settings, { named, provider, issuer, isHmac }, environment),
    clockSkewSeconds: settings.read(clockSkew),
    maximumLifetimeSeconds: settings.read(jwtMaximumLifetime),
    jwksCacheTtlSeconds: settings.read(jwksCacheTtl),
  };
}

/** Where the algorithm cannot be read, a key that is no PEM is a shared secret. */
function readAlgorithm(settings: Settings): string {
  const algorithm = settings.read(jwtAlgorithm);
  const isKeyAlone = settings.isSet(publicKey) && !settings.isSet(jwksUri);
  const isShared = isKeyAlone && !settings.textOf(publicKey).includes('-----BEGIN');
  const isOther = !algorithm.startsWith('HS') && settings.isUnknown(jwtAlgorithm);
  return isShared && isOther ? 'HS256' : algorithm;
}

interface Signer {
  readonly named: ProviderName | undefined;
  /** Named, or told by its issuer. */
  readonly provider: ProviderName | undefined;
  readonly issuer: string | undefined;
  readonly isHmac: boolean;
}

function readKeys(
  settings: Settings,
  { named, provider, issuer, isHmac }: Signer,
  environment: Environment,
): JwtAuthentication['keys'] {
  const url = settings.read(jwksUri);
  const key = settings.read(publicKey);
  refusePlaceholder(settings, jwksUri, url, environment);
  refusePlaceholder(settings, publicKey, key);
  if (url !== undefined && key !== undefined) {
    settings.refuse(publicKey, `must not be set beside ${jwksUri.name}: one of the two`);
  }
  if (isHmac && (url !== undefined || named !== undefined)) {
    settings.refuse(
      jwtAlgorithm,
      `HMAC algorithms cannot be used with JWKS endpoints. Set ${publicKey.name} to the shared secret in place of ${jwksUri.name}, or use an asymmetric algorithm such as RS256`,
    );
  }
  if (url !== undefined) {
    judgeKeyHost(settings, url, { provider, issuer }, environment);
    return { kind: 'jwks', url };
  }
  if (key !== undefined) {
    const secretName = settings.secretOf(publicKey);
    return {
      kind: isHmac ? 'hmac' : 'public key',
      key: new Secret(key),
      ...(secretName !== undefined && { secretName }),
    };
  }
  // A key or an address that cannot be used is the problem. The other one is not missing.
  const isThere = [jwksUri, publicKey].some(
    (variable) => settings.isSet(variable) || settings.isAnswered(variable),
  );
  if (settings.isSet(jwtProvider) || isThere) return { kind: 'published' };
  const variable = isHmac ? publicKey : jwksUri;
  const cure = isHmac
    ? 'Set it to the shared secret: openssl rand -base64 48'
    : `Set it to the address of the issuer's keys, or ${publicKey.name} to a public key as PEM`;
  settings.require({ ...variable, cure });
  return { kind: 'published' };
}

/**
 * A slip in a host name would let somebody else say which keys are good. Where the provider is known,
 * so is the host of its keys.
 */
function judgeKeyHost(
  settings: Settings,
  url: string,
  { provider, issuer }: Pick<Signer, 'provider' | 'issuer'>,
  environment: Environment,
): void {
  if (!environment.isProduction) return;
  const host = new URL(url).hostname;
  const expected = provider === undefined ? undefined : keyHosts[provider];
  if (expected !== undefined && host !== expected) {
    settings.refuse(jwksUri, `must be on ${expected}, where this issuer has its keys`);
  } else if (expected === undefined && siteOf(issuer ?? '') !== siteOf(url)) {
    settings.warn(jwksUri, 'is on another site than the issuer. Whoever has it can sign tokens');
  }
}

const keyHosts: Readonly<Partial<Record<ProviderName, string>>> = {
  entra: 'login.microsoftonline.com',
  google: 'www.googleapis.com',
};

function siteOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.split('.').slice(-2).join('.') : undefined;
}

/** What the preset says must not be said again, differently. */
function refuseBoth(settings: Settings, variable: typeof jwtIssuer): undefined {
  if (settings.isSet(variable)) {
    settings.refuse(variable, `must not be set beside ${jwtProvider.name}, which knows it`);
  }
  return undefined;
}

function readTenant(settings: Settings, provider: ProviderName | undefined): string | undefined {
  // Where the issuer has a problem, that comes first: the right one may need a tenant.
  const isKnown = !settings.isUnknown(jwtIssuer) && !settings.isSet(jwtProvider);
  if (provider === undefined && isKnown && settings.isSet(jwtTenant)) {
    settings.refuse(jwtTenant, withoutPreset);
  }
  const tenant = settings.read(jwtTenant);
  if (needsTenant(settings, provider) && !settings.isSet(jwtTenant)) {
    settings.refuse(jwtTenant, `must be ${presets[provider].tenant}`);
  }
  if (provider === 'google' && tenant === undefined && !settings.isSet(jwtClientIds)) {
    settings.warn(
      jwtTenant,
      `is not set: every Google account there is can sign in. Set it to the domain of your Workspace, or ${jwtClientIds.name} to the service accounts`,
    );
  }
  return tenant;
}

/** A tenant without an issuer and keys belongs to a preset that is left out: the rest is not missing. */
function refuseTenantAlone(settings: Settings): void {
  const others = [jwtProvider, jwtIssuer, jwksUri, publicKey];
  if (!settings.isSet(jwtTenant) || others.some(settings.isSet)) return;
  settings.refuse(jwtTenant, withoutPreset);
  settings.answer(jwtIssuer, jwksUri);
  if (settings.isSet(jwtClientIds)) settings.answer(jwtAudience);
}

function needsTenant(
  settings: Settings,
  provider: ProviderName | undefined,
): provider is ProviderName {
  return provider !== undefined && provider !== 'google' && settings.isSet(jwtProvider);
}

/** A list would be compared as one text, and no token has that. */
function refuseIssuerList(settings: Settings): void {
  if (!/^\s*\[|[^,],\s*[^\s,]/.test(settings.textOf(jwtIssuer))) return;
  settings.refuse(jwtIssuer, 'must be one issuer. Lists of issuers are not supported');
}

function readAudiences(settings: Settings, named: ProviderName | undefined): readonly string[] {
  if (named === 'firebase') return settings.read(jwtAudience);
  if (named === undefined || !namedByClients.has(named)) return settings.require(jwtAudience);
  settings.require(jwtClientIds);
  if (withoutAudience.has(named) && settings.isSet(jwtAudience)) {
    settings.warn(
      jwtAudience,
      `is not compared with tokens: with ${jwtProvider.name}=${named}, ${jwtClientIds.name} is checked in its place`,
    );
  }
  return settings.read(jwtAudience);
}

/** Clients are sent to the issuer, unless others are named. */
function refuseUnreachable(settings: Settings, issuer: string | undefined): void {
  if (issuer === undefined || settings.isSet(authorizationServers)) return;
  if (
    /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(issuer) &&
    URL.canParse(issuer)
  ) {
    return;
  }
  // The bare name is the other spelling of an issuer that is known.
  if (recogniseProvider(issuer) !== undefined) return;
  settings.refuse(
    jwtIssuer,
    `must be an https URL, where clients can be sent. If your tokens have it like this, set ${authorizationServers.name} to where clients get them`,
  );
}

function refuseScopes(settings: Settings): void {
  const problem =
    'asks for scopes, and the ID tokens of this issuer have none: every request would be refused';
  if (settings.read(jwtRequiredScopes).length > 0) {
    settings.refuse(jwtRequiredScopes, `${problem}. Take it away`);
  }
  if (Object.values(settings.read(toolScopes) ?? {}).some((scopes) => scopes.length > 0)) {
    settings.refuse(toolScopes, `${problem}. Set it to {}`);
  }
}
