import type { Environment } from '@sallyport/core';
import type { JwtAuthentication } from '../config.ts';
import {
  findIssuerMistake,
  findTenantMistake,
  presetForClients,
} from '../providers/issuer-mistakes.ts';
import { presets } from '../providers/presets.ts';
import { type ProviderName, withoutAudience } from '../providers/provider-names.ts';
import { recogniseProvider } from '../providers/recognise-provider.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
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
} from '../variables/jwt-variables.ts';
import { authorizationServers, toolScopes } from '../variables/server-variables.ts';
import { readKeys, type Signer } from './read-jwt-keys.ts';

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
  const tenant = readTenant(settings, provider);
  if (!isHmac) refuseMistakes(settings, { named, issuer, tenant });
  if (withoutScopes.has(provider)) refuseScopes(settings);
  refuseUnreachable(settings, issuer);
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

/** What is known of providers tells some values that no token has. */
function refuseMistakes(
  settings: Settings,
  { named, issuer, tenant }: Pick<JwtAuthentication, 'issuer' | 'tenant'> & Pick<Signer, 'named'>,
): void {
  const ofIssuer = issuer === undefined ? undefined : findIssuerMistake(issuer);
  if (ofIssuer !== undefined) settings.refuse(jwtIssuer, ofIssuer);
  const needed = issuer === undefined ? undefined : presetForClients(issuer);
  if (needed !== undefined && ofIssuer === undefined) {
    settings.warn(
      jwtAudience,
      `is not in access tokens of ${needed}, unless they are bound to a resource: then every request is refused. With ${jwtProvider.name}=${needed}, ${jwtClientIds.name} is checked in its place`,
    );
  }
  if (named === undefined || tenant === undefined) return;
  for (const one of named === 'entra' ? tenant.split(',') : [tenant]) {
    const ofTenant = findTenantMistake(named, one);
    if (ofTenant !== undefined) settings.refuse(jwtTenant, ofTenant);
  }
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
