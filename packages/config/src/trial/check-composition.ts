import { ConfigError } from '@sallyport/core';
import { composeGate } from '@sallyport/protect';
import { settingsFrom } from '../compose/settings-from.ts';
import type { ApiKeys, Config } from '../config.ts';
import { isConfigError, type Problems, toConfigError } from '../report/problems.ts';
import type { Settings } from '../values/settings.ts';
import { variables } from '../variables/all-variables.ts';
import { anonymousMethods, anonymousTools } from '../variables/anonymous-variables.ts';
import { apiKeyFile, apiKeyPreviousSecret, apiKeySecret } from '../variables/api-key-variables.ts';
import { dpopMode, dpopNonceSecret, dpopProofLifetime } from '../variables/dpop-variables.ts';
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
  jwtIssuers,
  jwtRequiredScopes,
  jwtScopeGrants,
  jwtTenant,
  previousKey,
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
  signInPreviousKey,
  signInTokenUrl,
  signInUrl,
} from '../variables/sign-in-variables.ts';
import type { Variable } from '../variables/variable.ts';
import { repair } from './trial-values.ts';

// Packages name their options, but an operator knows only the variables. An option that begins with
// the first text stands for the variable.
const meant: readonly (readonly [option: string, variable: Variable])[] = [
  ['apiKey.previousSecret', apiKeyPreviousSecret],
  ['apiKey.secret', apiKeySecret],
  ['apiKeyFile.path', apiKeyFile],
  ['clientAuthentication.clientId', introspectionClientId],
  ['dpop.nonce.secret', dpopNonceSecret],
  ['dpop.proofLifetimeSeconds', dpopProofLifetime],
  ['gate.anonymous.methods', anonymousMethods],
  ['gate.anonymous.tools', anonymousTools],
  ['gate.sessionSecret', sessionSecret],
  ['guard.senderConstraints', dpopMode],
  ['introspection.audience', introspectionAudience],
  ['introspection.issuer', authorizationServers],
  ['introspection.url', introspectionUrl],
  ['jwt.algorithms', jwtAlgorithm],
  ['jwt.audience', jwtAudience],
  ['jwt.issuer', jwtIssuer],
  ['jwt.keys.previous', previousKey],
  ['jwt.keys.url', jwksUri],
  ['jwt.keys', publicKey],
  ['jwt.provider.algorithms', jwtAlgorithm],
  ['jwt.provider.audience', jwtAudience],
  ['jwt.provider.clientIds', jwtClientIds],
  ['jwt.provider', jwtTenant],
  ['jwt.scopeGrants', jwtScopeGrants],
  ['protect.anonymous.methods', anonymousMethods],
  ['protect.anonymous.tools', anonymousTools],
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
  ['signIn.previousKey', signInPreviousKey],
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
    // After other problems, an unset variable may be missing because of them.
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
      // What several instances share would open a connection, and nothing is to follow a gate on trial.
      {
        ...config,
        secrets: undefined,
        rateLimit: undefined,
        callQuota: withoutRedis(config.callQuota),
        denialList: undefined,
        dpop: config.dpop && { ...config.dpop, redisUrl: undefined },
        apiKeys: config.apiKeys && withoutConnection(config.apiKeys),
      },
      { audit: { emit: () => {} }, tools: config.toolScopes ?? {}, onEvent: () => {} },
    );
    const { close } = await composeGate(settings);
    await close();
    return undefined;
  } catch (error) {
    // Behind other problems, a part may meet a value that it never gets otherwise.
    if (problems.any() && !isConfigError(error)) return undefined;
    return toConfigError(error);
  }
}

function withoutRedis(callQuota: Config['callQuota']): Config['callQuota'] {
  return callQuota && { ...callQuota, redisUrl: undefined };
}

/** A file is opened when the first key is looked up, and not before. */
function withoutConnection(keys: ApiKeys): ApiKeys {
  return { ...keys, store: { kind: 'file', path: '/trial' } };
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

function variableOf(option: string, config: Config): Variable | undefined {
  const { authentication, settings } = config;
  if (option === 'protect.issuer') {
    const isList = settings.some(({ name, origin }) => {
      return name === jwtIssuers.name && origin.source !== 'default';
    });
    return isList ? jwtIssuers : jwtIssuer;
  }
  if (option === 'protect.anonymous') {
    return config.anonymous?.tools.length === 0 ? anonymousMethods : anonymousTools;
  }
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
