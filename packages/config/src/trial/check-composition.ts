import { ConfigError } from '@sallyport/core';
import { composeGate } from '@sallyport/protect';
import { settingsFrom } from '../compose/settings-from.ts';
import type { Config } from '../config.ts';
import { isConfigError, type Problems, toConfigError } from '../report/problems.ts';
import type { Settings } from '../values/settings.ts';
import { variables } from '../variables/all-variables.ts';
import {
  introspectionAudience,
  introspectionClientId,
  introspectionRequiredScopes,
  introspectionUrl,
} from '../variables/introspection-variables.ts';
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtRequiredScopes,
  jwtTenant,
  publicKey,
} from '../variables/jwt-variables.ts';
import { allowPrivateNetwork, egressProxy } from '../variables/network-variables.ts';
import {
  authenticationType,
  authorizationServers,
  resourceUrl,
  scopeHierarchy,
  sessionSecret,
  staticTokens,
  toolScopes,
} from '../variables/server-variables.ts';
import {
  signInClientId,
  signInClients,
  signInKey,
  signInOrigins,
  signInTokenUrl,
  signInUrl,
} from '../variables/sign-in-variables.ts';
import type { Variable } from '../variables/variable.ts';
import { repair } from './trial-values.ts';

// Packages speak of their options; whoever starts a server knows only its variables. What begins
// with the first of two is the second's.
const meant: readonly (readonly [option: string, variable: Variable])[] = [
  ['clientAuthentication.clientId', introspectionClientId],
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
  ['protect.authorizationServers', authorizationServers],
  ['protect.scopeHierarchy', scopeHierarchy],
  ['protect.sessionSecret', sessionSecret],
  ['protect.tools', toolScopes],
  ['signIn.allowedClients', signInClients],
  ['signIn.applicationIdUri', jwtAudience],
  ['signIn.audience', jwtAudience],
  ['signIn.authorizationEndpoint', signInUrl],
  ['signIn.clientId', signInClientId],
  ['signIn.domain', signInUrl],
  ['signIn.issuer', jwtIssuer],
  ['signIn.sealingKey', signInKey],
  ['signIn.signInOrigins', signInOrigins],
  ['signIn.tenant', jwtTenant],
  ['signIn.tokenEndpoint', signInTokenUrl],
  ['signIn.userPoolId', jwtTenant],
  ['static.environment', authenticationType],
  ['static.tokens', staticTokens],
];

// More than there are variables to repair.
const maximumTrials = 30;

/**
 * Puts everything together on trial. Nothing is connected to. The composition stops at its first
 * problem, so it is tried again with a good value in that place, until it has no other problem.
 */
export async function checkComposition(
  config: Config,
  settings: Settings,
  problems: Problems,
): Promise<void> {
  const isBroken = settings.isUnknown;
  for (let trial = 0; trial < maximumTrials; trial += 1) {
    const error = await findProblem(repair(config, settings), problems);
    if (error === undefined) return;
    const variable = variableOf(error.option, config);
    const isFirst = !problems.any();
    // Behind other problems, what nobody set may be missing because of them.
    const isOwn = variable !== undefined && settings.isSet(variable) && !isBroken(variable);
    if (!isFirst && !isOwn) return;
    addProblem(error, { variable, config, settings, problems });
  }
}

async function findProblem(
  config: Config,
  problems: Problems,
): Promise<ProblemOfOption | undefined> {
  try {
    const { trustedProxyHops: _ofHosts, ...settings } = await settingsFrom(
      // A limiter over several instances would open a connection.
      { ...config, rateLimit: undefined },
      { audit: { emit: () => {} }, tools: config.toolScopes ?? {}, onEvent: () => {} },
    );
    // Nothing is to follow a gate on trial.
    const { close } = await composeGate({ ...settings, connect: () => () => {} });
    await close();
    return undefined;
  } catch (error) {
    // Behind other problems, a part may meet a value that it never gets otherwise.
    if (problems.any() && !isConfigError(error)) return undefined;
    return toConfigError(error);
  }
}

type ProblemOfOption = Pick<ConfigError, 'option' | 'problem'>;

interface Place {
  readonly variable: Variable | undefined;
  readonly config: Config;
  readonly settings: Settings;
  readonly problems: Problems;
}

function addProblem(
  { option, problem: found }: ProblemOfOption,
  { variable, config, settings, problems }: Place,
): void {
  const problem = found.endsWith('a private address')
    ? `${found}. ${allowPrivateNetwork.name}=true allows that`
    : found;
  // A command stays at the end of its line, where it can be copied.
  if (variable === undefined || found.includes('npm install')) {
    problems.add(variable?.name ?? option, problem);
  }
  // Without an address of its own, it is that of the tokens.
  else if (variable === resourceUrl && !settings.isSet(resourceUrl)) {
    settings.refuse(audienceOf(config), problem);
  } else if (variable !== publicKey) settings.refuse(variable, problem);
  // Which of the two is wrong only their owner knows.
  else settings.refuse(variable, `${problem}, for ${jwtAlgorithm.name}=${algorithmOf(config)}`);
}

/** The same problem, said of the variable that the option came from. */
export function inVariables(error: unknown, config: Config): ConfigError {
  const { option, problem } = toConfigError(error);
  const own = option.replace(
    /^protect\.(?=(?:other|prompts|resources|methods))/,
    'gate.otherOperations.',
  );
  const named = variableOf(option, config)?.name ?? own.replace(/^protect\./, 'gate.');
  return new ConfigError(named, problem);
}

function audienceOf({ authentication }: Config): Variable {
  return authentication.type === 'introspection' ? introspectionAudience : jwtAudience;
}

function algorithmOf({ authentication }: Config): string | undefined {
  return authentication.type === 'jwt' ? authentication.algorithm : undefined;
}

function variableOf(option: string, { authentication }: Config): Variable | undefined {
  if (option.endsWith('.proxyUrl')) return egressProxy;
  if (option === 'protect.resource') return resourceUrl;
  if (option.startsWith('protect.requiredScopes')) {
    return authentication.type === 'introspection'
      ? introspectionRequiredScopes
      : jwtRequiredScopes;
  }
  const own = variables.find(({ name }) => name === option);
  return own ?? meant.find(([beginning]) => option.startsWith(beginning))?.[1];
}
