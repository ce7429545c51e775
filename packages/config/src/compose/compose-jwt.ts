/** JWT authentication, put together of `@sallyport/verifier-jwt`. */
import { ConfigError } from '@sallyport/core';
import type {
  AudienceOptions,
  HmacKeySource,
  PublicKeySource,
  TrustedIssuer,
} from '@sallyport/verifier-jwt';
import type { JwtAuthentication } from '../config.ts';
import { loadPackage } from '../optional-package.ts';
import { type PresetOptions, presets } from '../providers/presets.ts';
import { type ProviderName, withoutAudience } from '../providers/provider-names.ts';
import { readEntraIssuer } from '../providers/recognise-provider.ts';
import { jwtAudience, jwtClientIds, jwtTenant } from '../variables/jwt-variables.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { composeKeys, fetchingOptions } from './compose-keys.ts';
import type { ComposedVerifier, VerifierContext } from './compose-verifier.ts';

type Library = typeof import('@sallyport/verifier-jwt');
type Algorithms = Extract<TrustedIssuer, { keys: PublicKeySource }>['algorithms'];

/** @throws {ConfigError} When the parts do not fit together, or the package is not installed. */
export async function composeJwt(
  authentication: JwtAuthentication,
  context: VerifierContext,
): Promise<ComposedVerifier> {
  const library = await loadPackage(
    '@sallyport/verifier-jwt',
    authenticationType.name,
    () => import('@sallyport/verifier-jwt'),
  );
  const { provider, audience } = authentication;
  const { source, replaceKey } = composeKeys(library, authentication, context);
  const trusted = trust(library, authentication, source, context);
  const verifier = library.createJwtVerifier(trusted);
  return {
    verifier,
    issuer: issuerOf(trusted),
    // Entra's tokens name the scope alone, and a request for it names the API that it is one of.
    ...(provider === 'entra' &&
      audience !== undefined && { requestName: (scope: string) => `${audience}/${scope}` }),
    ...(replaceKey !== undefined && { replaceKey }),
  };
}

function trust(
  library: Library,
  authentication: JwtAuthentication,
  source: PublicKeySource | HmacKeySource | undefined,
  context: VerifierContext,
): TrustedIssuer {
  const { provider, issuer = '', algorithm, clockSkewSeconds } = authentication;
  const { maximumLifetimeSeconds } = authentication;
  const rules = {
    issuer,
    ...readAudience(authentication),
    clockToleranceSeconds: clockSkewSeconds,
    ...(maximumLifetimeSeconds !== undefined && { maximumLifetimeSeconds }),
    // Most providers' access tokens are JWTs, but not of RFC 9068's type.
    profile: 'legacy',
  } as const;
  if (source?.kind === 'hmac') {
    return { ...rules, algorithms: [algorithm as 'HS256'], keys: source };
  }
  const algorithms = [algorithm] as unknown as Algorithms;
  if (provider === undefined) return { ...rules, algorithms, keys: source as PublicKeySource };
  const { allowPrivateNetwork, ...fetching } = fetchingOptions(authentication, context);
  return trustPreset(library, provider, authentication, {
    ...fetching,
    // The others are on the Internet.
    ...(allowPrivateNetwork && presets[provider].isSelfHosted && { allowPrivateNetwork }),
    ...(source !== undefined && { keys: source }),
    ...(algorithm !== undefined && { algorithms }),
    clockToleranceSeconds: clockSkewSeconds,
    ...(maximumLifetimeSeconds !== undefined && { maximumLifetimeSeconds }),
  });
}

/** @throws {ConfigError} When tenant or audience do not fit the preset. */
function trustPreset(
  library: Library,
  provider: ProviderName,
  { issuer, tenant, audience, otherAudiences, clientIds }: JwtAuthentication,
  options: Omit<PresetOptions, 'audience' | 'clientIds'>,
): TrustedIssuer {
  const entra = readEntraIssuer(issuer);
  const preset = presets[provider];
  const [, first = '', second = ''] = preset.form.exec(entra?.tenant ?? tenant ?? '') ?? [];
  if (first === '' && provider !== 'google') {
    throw new ConfigError(jwtTenant.name, `must be ${preset.tenant}`);
  }
  if (provider === 'firebase' && audience !== undefined && audience !== first) {
    throw new ConfigError(jwtAudience.name, 'is the id of the project. Take it away');
  }
  if (provider === 'firebase' && clientIds.length > 0) {
    throw new ConfigError(
      jwtClientIds.name,
      'has no meaning here: tokens of Firebase name no client. Take it away',
    );
  }
  const isCompared = audience !== undefined && !withoutAudience.has(provider);
  return preset.trust(library.providers, [first, second], {
    ...options,
    ...(isCompared && {
      audience: [audience, ...otherAudiences].flatMap((name) =>
        provider === 'entra' ? withClientId(name) : [name],
      ),
    }),
    ...(clientIds.length > 0 && { clientIds }),
    ...(entra !== undefined && { tokenVersion: entra.tokenVersion }),
  } as unknown as PresetOptions);
}

/**
 * The Application ID URI that Entra makes up has the client id in it. In tokens of version 2 that is
 * the audience, whichever of the two a client asked for.
 */
function withClientId(audience: string): readonly string[] {
  const [, clientId] = /^api:\/\/([0-9a-f-]{36})$/.exec(audience) ?? [];
  return clientId === undefined ? [audience] : [audience, clientId];
}

function readAudience({ audience, otherAudiences, clientIds }: JwtAuthentication): AudienceOptions {
  const [first, ...others] = clientIds;
  // What is missing, in JavaScript or by a preset, the verifier refuses.
  return {
    audience: (audience === undefined ? undefined : [audience, ...otherAudiences]) as [string],
    ...(first !== undefined && { clientIds: [first, ...others] as const }),
  };
}

/** Where Entra's tokens may be from several tenants, none of their issuers stands for all. */
function issuerOf({ issuer, tenants }: TrustedIssuer): string | undefined {
  if (tenants === undefined) return issuer;
  return tenants.length === 1 ? issuer.replace('{tenantid}', tenants[0]) : undefined;
}
