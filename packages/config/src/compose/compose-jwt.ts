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
import { toConfigError } from '../report/problems.ts';
import { jwtAudience, jwtClientIds, jwtTenant } from '../variables/jwt-variables.ts';
import { composeKeys, fetchingOptions } from './compose-keys.ts';
import type { ComposedVerifier, VerifierContext } from './compose-verifier.ts';

type Library = typeof import('@sallyport/verifier-jwt');
type Algorithms = Extract<TrustedIssuer, { keys: PublicKeySource }>['algorithms'];

// One for each common kind of key, where the metadata of the issuer names the keys.
const usualAlgorithms = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'] as const;

/**
 * The issuers to trust, where there are several.
 *
 * @throws {ConfigError} When the parts do not fit together.
 */
export async function composeIssuers(
  authentication: JwtAuthentication,
  context: VerifierContext,
): Promise<readonly [TrustedIssuer, ...TrustedIssuer[]]> {
  const library = await import('@sallyport/verifier-jwt');
  const trustOne = (each: JwtAuthentication, index: number) => {
    try {
      return trust(library, each, composeKeys(library, each, context).source, context);
    } catch (error) {
      throw inEntry(error, index);
    }
  };
  const { others } = authentication;
  return [trustOne(authentication, 0), ...others.map((each, index) => trustOne(each, index + 1))];
}

const memberNames: Readonly<Record<string, string>> = {
  algorithms: 'algorithm',
  clientIds: 'client_ids',
  keys: 'jwks_uri',
};

/** The same problem, said of an entry of the list. */
function inEntry(error: unknown, index: number): ConfigError {
  const { option, problem } = toConfigError(error);
  const [last = 'tenant'] = /audience|algorithms|clientIds|issuer|keys/.exec(option) ?? [];
  const member = memberNames[last] ?? last;
  return new ConfigError('protect.issuer', `entry ${index}, ${member}: ${problem}`);
}

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
  const verified = library.createJwtVerifier(trusted);
  const isGranted = provider?.credentialField !== undefined;
  const verifier = isGranted
    ? library.grantScopes(verified, authentication.scopeGrants ?? {})
    : verified;
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
  const algorithms = (algorithm === undefined ? usualAlgorithms : [algorithm]) as Algorithms;
  if (provider === undefined) {
    const keys =
      source ?? library.discoverJwks({ issuer, ...fetchingOptions(authentication, context) });
    return { ...rules, algorithms, keys: keys as PublicKeySource };
  }
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
