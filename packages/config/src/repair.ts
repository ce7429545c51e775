/** Good values in place of broken ones, so that the trial composition reaches the problems behind them. */
import { Secret } from '@sallyport/core';
import type { Config } from './config.ts';
import {
  introspectionAudience,
  introspectionClientId,
  introspectionClientSecret,
  introspectionUrl,
} from './introspection-variables.ts';
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtProvider,
  jwtTenant,
  publicKey,
} from './jwt-variables.ts';
import { egressProxy } from './network-variables.ts';
import {
  authorizationServers,
  resourceUrl,
  scopeHierarchy,
  sessionSecret,
  toolScopes,
} from './server-variables.ts';
import type { Variable } from './variable.ts';

// RFC 2606: this host never answers. The trial composition connects to nothing.
const origin = 'https://trial.invalid';

/**
 * Copies a configuration for a trial, with good values for what is broken.
 *
 * @param isBroken Whether the value of a variable is known to be wrong, or is not known.
 */
export function repair(config: Config, isBroken: (variable: Variable) => boolean): Config {
  return {
    ...config,
    authentication: repairAuthentication(config.authentication, isBroken),
    ...((isBroken(resourceUrl) || config.resource === '') && { resource: `${origin}/mcp` }),
    ...(isBroken(authorizationServers) && { authorizationServers: [origin] }),
    ...(isBroken(toolScopes) && { toolScopes: undefined }),
    ...(isBroken(scopeHierarchy) && { scopeHierarchy: {} }),
    ...(isBroken(sessionSecret) && { sessionSecret: undefined }),
    ...(isBroken(egressProxy) && { network: { ...config.network, proxyUrl: undefined } }),
  };
}

function repairAuthentication(
  given: Config['authentication'],
  isBroken: (variable: Variable) => boolean,
): Config['authentication'] {
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
  const isSigned = [jwtIssuer, jwtProvider, jwtTenant, jwtClientIds].some(isBroken);
  const isKeyed = [jwksUri, publicKey, jwtAlgorithm].some(isBroken);
  const keys = { kind: 'jwks', url: `${origin}/jwks` } as const;
  const isWithoutKeys = isSigned && given.keys.kind === 'published';
  return {
    ...given,
    ...(isSigned && { provider: undefined, issuer: origin, tenant: undefined, clientIds: [] }),
    ...(isBroken(jwtAudience) && { audience: 'trial', otherAudiences: [] }),
    // The audience of a preset may be unknown where the preset is.
    ...(isSigned && given.audience === undefined && { audience: 'trial' }),
    ...((isKeyed || isWithoutKeys) && { keys, algorithm: 'RS256' }),
  };
}
