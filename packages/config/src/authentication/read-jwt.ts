import type { Environment } from '@sallyport/core';
import { findIssuerMistake, type Provider } from '@sallyport/verifier-jwt/providers';
import type { JwtAuthentication } from '../config.ts';
import { comparesAudience, needsClients } from '../provider-rules/audience-form.ts';
import { findPresetForClients, recogniseProvider } from '../provider-rules/recognise-provider.ts';
import { findTenantMistake } from '../provider-rules/tenant-mistakes.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import {
  jwksCacheTtl,
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtIssuers,
  jwtMaximumLifetime,
  jwtProvider,
  jwtTenant,
  providerVariable,
  publicKey,
} from '../variables/jwt-variables.ts';
import { authorizationServers } from '../variables/server-variables.ts';
import { readKeys, type Signer } from './read-jwt-keys.ts';
import { readClockSkew, readScopeGrants, refuseScopes } from './read-scope-grants.ts';

const withoutPreset = `has no meaning without ${jwtProvider.name}, unless ${jwtIssuer.name} is one of Google's or Entra's`;

/**
 * JWT access tokens of one issuer.
 *
 * @param form An entry of a list needs no address for its keys.
 */
export function readJwt(
  settings: Settings,
  environment: Environment,
  providers: readonly Provider[],
  form: 'alone' | 'entry' = 'alone',
): JwtAuthentication {
  refuseProviderList(settings);
  const name = settings.read(providerVariable(providers));
  const named = providers.find((provider) => provider.name === name);
  // A misspelt preset is the problem. What the right one knows is not missing.
  const isMisspelt = named === undefined && settings.isSet(jwtProvider);
  refuseTenantAlone(settings);
  const issuer = isMisspelt
    ? settings.read(jwtIssuer)
    : named === undefined
      ? settings.require(jwtIssuer)
      : refuseBoth(settings, jwtIssuer);
  const algorithm = readAlgorithm(settings);
  const isHmac = algorithm.startsWith('HS');
  const provider = named ?? (isHmac ? undefined : recogniseProvider(issuer, providers));
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
  if (!isHmac) refuseMistakes(settings, { named, issuer, tenant }, providers);
  const scopeGrants = readScopeGrants(settings, provider);
  if (provider?.withoutScopes && scopeGrants === undefined) refuseScopes(settings, provider);
  refuseUnreachable(settings, issuer, providers);
  refusePlaceholder(settings, jwtTenant, tenant, environment);
  return {
    type: 'jwt',
    provider,
    tenant,
    issuer,
    audience: audiences[0],
    otherAudiences: audiences.slice(1),
    clientIds,
    algorithm:
      (named === undefined && form === 'alone') || settings.isSet(jwtAlgorithm)
        ? algorithm
        : undefined,
    keys: readKeys(
      settings,
      { named, provider, issuer, isHmac, isEntry: form === 'entry' },
      { environment, providers },
    ),
    clockSkewSeconds: readClockSkew(settings, provider),
    maximumLifetimeSeconds: settings.read(jwtMaximumLifetime),
    jwksCacheTtlSeconds: settings.read(jwksCacheTtl),
    scopeGrants,
    others: [],
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

function readTenant(settings: Settings, provider: Provider | undefined): string | undefined {
  // Where the issuer has a problem, that comes first: the right one may need a tenant.
  const isKnown = !settings.isUnknown(jwtIssuer) && !settings.isSet(jwtProvider);
  if (provider === undefined && isKnown && settings.isSet(jwtTenant)) {
    settings.refuse(jwtTenant, withoutPreset);
  }
  const tenant = settings.read(jwtTenant);
  if (provider === undefined) return tenant;
  const { allowed, whenAbsent } = provider.tenant;
  if (whenAbsent === undefined && settings.isSet(jwtProvider) && !settings.isSet(jwtTenant)) {
    settings.refuse(jwtTenant, `must be ${allowed}`);
  }
  if (whenAbsent !== undefined && tenant === undefined && !settings.isSet(jwtClientIds)) {
    const said = whenAbsent(jwtClientIds.name);
    if (said !== undefined) settings.warn(jwtTenant, `is not set: ${said}`);
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

/** Refuses an issuer and a tenant that no token of a known provider has. */
function refuseMistakes(
  settings: Settings,
  { named, issuer, tenant }: Pick<JwtAuthentication, 'issuer' | 'tenant'> & Pick<Signer, 'named'>,
  providers: readonly Provider[],
): void {
  if (issuer !== undefined) {
    const ofIssuer = findIssuerMistake(issuer, providers);
    if (ofIssuer !== undefined) settings.refuse(jwtIssuer, ofIssuer);
    else recommendPreset(settings, findPresetForClients(issuer, providers));
  }
  const ofTenant = named && tenant !== undefined ? findTenantMistake(named, tenant) : undefined;
  if (ofTenant !== undefined) settings.refuse(jwtTenant, ofTenant);
}

function recommendPreset(settings: Settings, provider: Provider | undefined): void {
  if (provider === undefined) return;
  settings.warn(
    jwtAudience,
    `is in access tokens of ${provider.name} only if they are bound to a resource. Otherwise every request is refused. To check ${jwtClientIds.name} instead, set ${jwtProvider.name}=${provider.name}`,
  );
}

/** Each provider needs a tenant of its own. */
function refuseProviderList(settings: Settings): void {
  if (!/^\s*\[|[^,\s][\s,]+[^\s,]/.test(settings.textOf(jwtProvider))) return;
  settings.refuse(
    jwtProvider,
    `must be one provider. For several, set ${jwtIssuers.name} to a list of entries such as {"provider":"okta","tenant":"acme.okta.com/oauth2/default"}`,
  );
}

function readAudiences(settings: Settings, named: Provider | undefined): readonly string[] {
  if (named === undefined || named.audience === 'server') return settings.require(jwtAudience);
  if (!needsClients(named)) return settings.read(jwtAudience);
  settings.require(jwtClientIds);
  if (!comparesAudience(named) && settings.isSet(jwtAudience)) {
    settings.warn(
      jwtAudience,
      `is not compared with tokens: with ${jwtProvider.name}=${named.name}, ${jwtClientIds.name} is checked in its place`,
    );
  }
  return settings.read(jwtAudience);
}

/** Clients are sent to the issuer, unless others are named. */
function refuseUnreachable(
  settings: Settings,
  issuer: string | undefined,
  providers: readonly Provider[],
): void {
  if (issuer === undefined || settings.isSet(authorizationServers)) return;
  if (
    /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(issuer) &&
    URL.canParse(issuer)
  ) {
    return;
  }
  // The bare name is the other spelling of an issuer that is known.
  if (recogniseProvider(issuer, providers) !== undefined) return;
  settings.refuse(
    jwtIssuer,
    `must be an https URL, because clients are sent there. If your tokens have this issuer, set ${authorizationServers.name} to where clients get them`,
  );
}
