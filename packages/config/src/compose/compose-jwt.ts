/** JWT authentication, put together of `@sallyport/verifier-jwt`. */
import { ConfigError } from '@sallyport/core';
import type {
  AudienceOptions,
  HmacKeySource,
  PublicKeySource,
  SelfHostedProviderOptions,
  TrustedIssuer,
} from '@sallyport/verifier-jwt';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { JwtAuthentication } from '../config.ts';
import { comparesAudience } from '../provider-rules/audience-form.ts';
import { jwtAudience, jwtClientIds, jwtTenant } from '../variables/jwt-variables.ts';
import { composeKeys, fetchingOptions } from './compose-keys.ts';
import type { ComposedVerifier, VerifierContext } from './compose-verifier.ts';

type Library = typeof import('@sallyport/verifier-jwt');
type Algorithms = Extract<TrustedIssuer, { keys: PublicKeySource }>['algorithms'];

/** @throws {ConfigError} When the parts do not fit together. */
export async function composeJwt(
  authentication: JwtAuthentication,
  context: VerifierContext,
): Promise<ComposedVerifier> {
  // Loaded late, because it loads an HTTP client.
  const library = await import('@sallyport/verifier-jwt');
  const { provider, audience } = authentication;
  const { source, replaceKey } = composeKeys(library, authentication, context);
  const trusted = trust(library, authentication, source, context);
  const verifier = library.createJwtVerifier(trusted);
  const requestName = provider?.requestName;
  return {
    verifier,
    issuer: issuerOf(trusted),
    ...(requestName !== undefined &&
      audience !== undefined && { requestName: (scope: string) => requestName(scope, audience) }),
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
    ...(allowPrivateNetwork && provider.isSelfHosted && { allowPrivateNetwork }),
    ...(source !== undefined && { keys: source }),
    ...(algorithm !== undefined && { algorithms }),
    clockToleranceSeconds: clockSkewSeconds,
    ...(maximumLifetimeSeconds !== undefined && { maximumLifetimeSeconds }),
  });
}

/** @throws {ConfigError} When tenant or audience do not fit the preset. */
function trustPreset(
  library: Library,
  provider: Provider,
  { issuer, tenant, audience, otherAudiences, clientIds }: JwtAuthentication,
  options: SelfHostedProviderOptions,
): TrustedIssuer {
  const recognised = issuer === undefined ? undefined : provider.recognise?.(issuer);
  const { allowed, form = /^(.+)$/, whenAbsent, options: readParts } = provider.tenant;
  const [, first = '', second = ''] = form.exec(recognised?.tenant ?? tenant ?? '') ?? [];
  if (first === '' && whenAbsent === undefined) {
    throw new ConfigError(jwtTenant.name, `must be ${allowed}`);
  }
  if (provider.audience === 'tenant' && audience !== undefined && audience !== first) {
    throw new ConfigError(jwtAudience.name, `is ${allowed}. Take it away`);
  }
  if (provider.audience === 'tenant' && clientIds.length > 0) {
    throw new ConfigError(
      jwtClientIds.name,
      `has no meaning here: tokens of ${provider.title} name no client. Take it away`,
    );
  }
  const isCompared = audience !== undefined && comparesAudience(provider);
  const others = (name: string) => provider.otherAudiences?.(name) ?? [];
  const all = {
    ...options,
    ...readParts(first, second),
    ...(isCompared && {
      audience: [audience, ...otherAudiences].flatMap((name) => [name, ...others(name)]),
    }),
    ...(clientIds.length > 0 && { clientIds }),
    ...recognised?.options,
  };
  return library.trustProvider(provider, all);
}

function readAudience({ audience, otherAudiences, clientIds }: JwtAuthentication): AudienceOptions {
  const [first, ...others] = clientIds;
  // What is missing, in JavaScript or by a preset, the verifier refuses.
  return {
    audience: (audience === undefined ? undefined : [audience, ...otherAudiences]) as [string],
    ...(first !== undefined && { clientIds: [first, ...others] as const }),
  };
}

/** Where tokens may be from several tenants, no single issuer stands for all. */
function issuerOf({ issuer, tenants }: TrustedIssuer): string | undefined {
  if (tenants === undefined) return issuer;
  return tenants.length === 1 ? issuer.replace('{tenantid}', tenants[0]) : undefined;
}
