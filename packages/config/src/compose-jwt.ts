/** JWT authentication, put together of `@sallyport/verifier-jwt`. */
import { ConfigError, type Secret } from '@sallyport/core';
import type {
  AudienceOptions,
  HmacKeySource,
  PublicKeySource,
  TrustedIssuer,
} from '@sallyport/verifier-jwt';
import type { ComposedVerifier, VerifierContext } from './compose-verifier.ts';
import type { JwtAuthentication } from './config.ts';
import { jwtAudience, jwtTenant } from './jwt-variables.ts';
import { loadPackage } from './optional-package.ts';
import { type PresetOptions, presets } from './presets.ts';
import type { ProviderName } from './provider-names.ts';
import { readEntraIssuer } from './recognise-provider.ts';
import { authenticationType } from './server-variables.ts';

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
  const trusted = trust(library, authentication, context);
  return { verifier: library.createJwtVerifier(trusted), issuer: issuerOf(trusted) };
}

function trust(
  library: Library,
  authentication: JwtAuthentication,
  context: VerifierContext,
): TrustedIssuer {
  const { provider, issuer = '', algorithm, keys, clockSkewSeconds } = authentication;
  const rules = {
    issuer,
    ...readAudience(authentication),
    clockToleranceSeconds: clockSkewSeconds,
    // Most providers' access tokens are JWTs, but not of RFC 9068's type.
    profile: 'legacy',
  } as const;
  if (keys.kind === 'hmac') {
    const algorithms = [algorithm as 'HS256'] as const;
    return { ...rules, algorithms, keys: readSharedSecret(library, keys.key) };
  }
  const source = openKeys(library, authentication, context);
  const algorithms = [algorithm] as unknown as Algorithms;
  if (provider !== undefined) {
    return trustPreset(library, provider, authentication, {
      ...fetching(authentication, context),
      ...(source !== undefined && { keys: source }),
      ...(algorithm !== undefined && { algorithms }),
      clockToleranceSeconds: clockSkewSeconds,
    });
  }
  return { ...rules, algorithms, keys: source as PublicKeySource };
}

/** @throws {ConfigError} When tenant or audience do not fit the preset. */
function trustPreset(
  library: Library,
  provider: ProviderName,
  { issuer, tenant, audience, clientIds }: JwtAuthentication,
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
  return preset.trust(library.providers, [first, second], {
    ...options,
    ...(audience !== undefined && {
      audience: provider === 'entra' ? withClientId(audience) : audience,
    }),
    ...(clientIds.length > 0 && { clientIds }),
    ...(entra !== undefined && { tokenVersion: entra.tokenVersion }),
  } as PresetOptions);
}

/**
 * The Application ID URI that Entra makes up has the client id in it. In tokens of version 2 that is
 * the audience, whichever of the two a client asked for.
 */
function withClientId(audience: string): string | readonly [string, string] {
  const [, clientId] = /^api:\/\/([0-9a-f-]{36})$/.exec(audience) ?? [];
  return clientId === undefined ? audience : [audience, clientId];
}

/** `undefined` where the preset knows them. */
function openKeys(
  { remoteJwks, publicKey }: Library,
  authentication: JwtAuthentication,
  context: VerifierContext,
): PublicKeySource | undefined {
  const { keys } = authentication;
  switch (keys.kind) {
    case 'jwks':
      return remoteJwks({ url: keys.url, ...fetching(authentication, context) });
    case 'published':
      return undefined;
    default:
      return publicKey(withLines(keys.key.reveal()));
  }
}

/** @throws {ConfigError} When it is too short, known or guessable. */
function readSharedSecret({ hmacSecret }: Library, key: Secret): HmacKeySource {
  if (URL.canParse(key.reveal())) {
    throw new ConfigError(
      'jwt.keys',
      'must be a shared secret, and a URL is none: whoever guesses it can sign tokens. Make a random one: openssl rand -base64 48',
    );
  }
  return hmacSecret(key);
}

/** Many a place that takes one line has them written as `\n`. */
function withLines(pem: string): string {
  return pem.includes('\n') ? pem : pem.replaceAll('\\n', '\n');
}

function fetching(
  { jwksCacheTtlSeconds }: JwtAuthentication,
  { environment, onEvent }: VerifierContext,
) {
  return { environment, cacheTtlSeconds: jwksCacheTtlSeconds, onKeyEvent: onEvent };
}

function readAudience({ audience, clientIds }: JwtAuthentication): AudienceOptions {
  const [first, ...others] = clientIds;
  // What is missing, in JavaScript or by a preset, the verifier refuses.
  return {
    audience: audience as string,
    ...(first !== undefined && { clientIds: [first, ...others] as const }),
  };
}

/** Where Entra's tokens may be from several tenants, none of their issuers stands for all. */
function issuerOf({ issuer, tenants }: TrustedIssuer): string | undefined {
  if (tenants === undefined) return issuer;
  return tenants.length === 1 ? issuer.replace('{tenantid}', tenants[0]) : undefined;
}
