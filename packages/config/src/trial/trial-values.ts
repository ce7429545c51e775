/** Good values in place of broken ones, so that the trial composition reaches the problems behind them. */
import { detectEnvironment, Secret } from '@sallyport/core';
import type { Config, JwtAuthentication } from '../config.ts';
import type { Settings } from '../values/settings.ts';
import { anonymousMethods, anonymousTools } from '../variables/anonymous-variables.ts';
import { apiKeyPreviousSecret, apiKeySecret } from '../variables/api-key-variables.ts';
import { dpopMode, dpopNonceSecret } from '../variables/dpop-variables.ts';
import {
  introspectionAudience,
  introspectionClientId,
  introspectionClientSecret,
  introspectionRequiredScopes,
  introspectionUrl,
} from '../variables/introspection-variables.ts';
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtIssuers,
  jwtProvider,
  jwtRequiredScopes,
  jwtTenant,
  publicKey,
} from '../variables/jwt-variables.ts';
import { egressProxy } from '../variables/network-variables.ts';
import {
  authenticationType,
  authorizationServers,
  resourceUrl,
  scopeHierarchy,
  sessionSecret,
  toolScopes,
} from '../variables/server-variables.ts';
import { signInVariables } from '../variables/sign-in-variables.ts';

// What is broken of these, or of what they build on, says so itself.
const ofSignIn = [...signInVariables, jwtIssuer, jwtTenant, jwtProvider, jwtAudience];

// RFC 2606: this host never answers. The trial composition connects to nothing.
const origin = 'https://trial.invalid';

const anyJwt: JwtAuthentication = {
  type: 'jwt',
  provider: undefined,
  tenant: undefined,
  issuer: origin,
  audience: 'trial',
  otherAudiences: [],
  clientIds: [],
  algorithm: 'RS256',
  keys: { kind: 'jwks', url: `${origin}/jwks` },
  clockSkewSeconds: 60,
  maximumLifetimeSeconds: undefined,
  jwksCacheTtlSeconds: 3_600,
  scopeGrants: undefined,
  others: [],
};

// Fixed tokens are refused in production, which is a problem of the type and not of the tokens.
const development = detectEnvironment({ ENVIRONMENT: 'development' });

/** Copies a configuration for a trial, with good values for what is broken or not known. */
export function repair(config: Config, settings: Settings): Config {
  const isBroken = settings.isUnknown;
  const { type } = config.authentication;
  const apiKeys = repairKeys(config, settings);
  return {
    ...config,
    apiKeys,
    authentication:
      type === 'api-key' && apiKeys === undefined
        ? anyJwt
        : repairAuthentication(config.authentication, settings),
    ...(type === 'static' &&
      isBroken(authenticationType) && { environment: development, host: '127.0.0.1' }),
    ...([jwtRequiredScopes, introspectionRequiredScopes].some(isBroken) && { requiredScopes: [] }),
    ...((isBroken(resourceUrl) || config.resource === '') && { resource: `${origin}/mcp` }),
    ...(isBroken(authorizationServers) && { authorizationServers: [origin] }),
    ...(isBroken(toolScopes) && { toolScopes: undefined }),
    ...([dpopMode, dpopNonceSecret].some(isBroken) && { dpop: undefined }),
    ...([anonymousTools, anonymousMethods].some(isBroken) && { anonymous: undefined }),
    ...(isBroken(scopeHierarchy) && { scopeHierarchy: {} }),
    ...(isBroken(sessionSecret) && { sessionSecret: undefined }),
    ...(ofSignIn.some(isBroken) && { signIn: undefined }),
    ...(isBroken(egressProxy) && { network: { ...config.network, proxyUrl: undefined } }),
  };
}

function repairKeys({ apiKeys }: Config, { isUnknown: isBroken }: Settings): Config['apiKeys'] {
  if (isBroken(apiKeySecret)) return undefined;
  return apiKeys && isBroken(apiKeyPreviousSecret)
    ? { ...apiKeys, previousSecret: undefined }
    : apiKeys;
}

function repairAuthentication(
  given: Config['authentication'],
  { isUnknown: isBroken, isSet, textOf }: Settings,
): Config['authentication'] {
  // Nothing is known of the callers: any verifier will do to try the rest.
  if (given.type === 'none' && isBroken(authenticationType)) return anyJwt;
  if (given.type === 'introspection') {
    return {
      ...given,
      ...(isBroken(introspectionUrl) && { url: `${origin}/introspect`, issuer: origin }),
      ...(isBroken(introspectionClientId) && { clientId: 'trial' }),
      ...(isBroken(introspectionClientSecret) && { clientSecret: new Secret('trial') }),
      ...(isBroken(introspectionAudience) && { audience: 'trial' }),
    };
  }
  if (given.type !== 'jwt') return given;
  if (isBroken(jwtIssuers) || (isBroken(jwtIssuer) && given.others.length > 0)) return anyJwt;
  const isGuessed = given.provider !== undefined && isSet(jwtProvider);
  const isSigned =
    isBroken(jwtIssuer) || isBroken(jwtTenant) || (isBroken(jwtProvider) && !isGuessed);
  const isAnyAlgorithm =
    isBroken(jwtAlgorithm) && jwtAlgorithm.guess?.(textOf(jwtAlgorithm)) === undefined;
  const isAtHand = given.keys.kind === 'hmac' || given.keys.kind === 'public key';
  const isKeyed =
    isBroken(isAtHand ? publicKey : jwksUri) ||
    (isAnyAlgorithm && given.keys.kind === 'public key') ||
    (given.keys.kind === 'published' && isBroken(publicKey));
  const keys = { kind: 'jwks', url: `${origin}/jwks` } as const;
  const isWithoutKeys = isSigned && given.keys.kind === 'published';
  return {
    ...given,
    ...(isSigned && {
      provider: undefined,
      issuer: origin,
      tenant: undefined,
      algorithm: given.algorithm ?? 'RS256',
    }),
    ...(isBroken(jwtClientIds) && { clientIds: ['trial'] }),
    ...(isBroken(jwtAudience) && { audience: 'trial', otherAudiences: [] }),
    // The audience of a preset may be unknown where the preset is.
    ...(isSigned && given.audience === undefined && { audience: 'trial' }),
    ...((isKeyed || isWithoutKeys) && { keys, algorithm: 'RS256' }),
  };
}
