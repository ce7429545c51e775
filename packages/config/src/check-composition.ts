import { ConfigError } from '@sallyport/core';
import { composeGate } from './compose-gate.ts';
import type { Config } from './config.ts';
import {
  introspectionAudience,
  introspectionClientId,
  introspectionRequiredScopes,
  introspectionUrl,
} from './introspection-variables.ts';
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtRequiredScopes,
  jwtTenant,
  publicKey,
} from './jwt-variables.ts';
import { allowPrivateNetwork, egressProxy } from './network-variables.ts';
import { type Problems, toConfigError } from './problems.ts';
import {
  authenticationType,
  authorizationServers,
  resourceUrl,
  scopeHierarchy,
  sessionSecret,
  staticTokens,
  toolScopes,
} from './server-variables.ts';
import type { Settings } from './settings.ts';
import type { Variable } from './variable.ts';

// Packages speak of their options; whoever starts a server knows only its variables. What begins
// with the first of two is the second's.
const meant: readonly (readonly [option: string, variable: Variable])[] = [
  ['clientAuthentication.clientId', introspectionClientId],
  ['gate.authorizationServers', authorizationServers],
  ['gate.resource', resourceUrl],
  ['gate.scopes', toolScopes],
  ['gate.sessionSecret', sessionSecret],
  ['introspection.audience', introspectionAudience],
  ['introspection.issuer', authorizationServers],
  ['introspection.url', introspectionUrl],
  ['jwt.algorithms', jwtAlgorithm],
  ['jwt.audience', jwtAudience],
  ['jwt.issuer', jwtIssuer],
  ['jwt.keys.url', jwksUri],
  ['jwt.keys', publicKey],
  ['jwt.provider.audience', jwtAudience],
  ['jwt.provider.clientIds', jwtClientIds],
  ['jwt.provider', jwtTenant],
  ['scopes.hierarchy', scopeHierarchy],
  ['static.environment', authenticationType],
  ['static.tokens', staticTokens],
];

/** Puts everything together once, on trial. Nothing is connected to. */
export async function checkComposition(
  config: Config,
  settings: Settings,
  problems: Problems,
): Promise<void> {
  try {
    const { guard } = await composeGate(
      // A limiter over several instances would open a connection.
      { ...config, rateLimit: undefined },
      { audit: { emit: () => {} }, tools: config.toolScopes ?? {} },
    );
    await guard.close();
  } catch (error) {
    const { option, problem: found } = toConfigError(error);
    const problem = found.endsWith('a private address')
      ? `${found}. ${allowPrivateNetwork.name}=true allows that`
      : found;
    const variable = variableOf(option, config);
    if (variable === undefined) problems.add(option, problem);
    // Without an address of its own, it is that of the tokens.
    else if (variable === resourceUrl && !settings.isSet(resourceUrl)) {
      settings.refuse(audienceOf(config), problem);
    } else if (variable !== publicKey) settings.refuse(variable, problem);
    // Which of the two is wrong only their owner knows.
    else settings.refuse(variable, `${problem}, for ${jwtAlgorithm.name}=${algorithmOf(config)}`);
  }
}

/** The same problem, said of the variable that the option came from. */
export function inVariables(error: unknown, config: Config): ConfigError {
  const { option, problem } = toConfigError(error);
  return new ConfigError(variableOf(option, config)?.name ?? option, problem);
}

function audienceOf({ authentication }: Config): Variable {
  return authentication.type === 'introspection' ? introspectionAudience : jwtAudience;
}

function algorithmOf({ authentication }: Config): string | undefined {
  return authentication.type === 'jwt' ? authentication.algorithm : undefined;
}

function variableOf(option: string, { authentication }: Config): Variable | undefined {
  if (option.endsWith('.proxyUrl')) return egressProxy;
  if (option === 'guard.requiredScopes') {
    return authentication.type === 'introspection'
      ? introspectionRequiredScopes
      : jwtRequiredScopes;
  }
  return meant.find(([beginning]) => option.startsWith(beginning))?.[1];
}
