import { type Environment, Secret } from '@sallyport/core';
import type { Config, DpopConfig } from '../config.ts';
import { judgeRedisUrl } from '../values/redis-url.ts';
import type { Settings } from '../values/settings.ts';
import { apiKeyFile, apiKeyRedisUrl } from '../variables/api-key-variables.ts';
import {
  dpopMode,
  dpopNonceSecret,
  dpopProofLifetime,
  dpopRedisUrl,
  dpopVariables,
} from '../variables/dpop-variables.ts';
import { jwtProvider } from '../variables/jwt-variables.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { signInClientId } from '../variables/sign-in-variables.ts';

/** @returns `undefined`: tokens that are bound to a key are refused. */
export function readDpop(
  settings: Settings,
  environment: Environment,
  authentication: Config['authentication'],
): DpopConfig | undefined {
  const mode = settings.read(dpopMode);
  if (mode === undefined) {
    refuseWithoutMode(settings);
    return undefined;
  }
  const proofLifetimeSeconds = settings.read(dpopProofLifetime);
  const nonceSecret = settings.read(dpopNonceSecret);
  const redisUrl = settings.read(dpopRedisUrl);
  judgeRedisUrl(settings, dpopRedisUrl, environment);
  const { type } = authentication;
  if (type !== 'jwt' && type !== 'introspection') {
    if (!settings.isUnknown(authenticationType)) {
      settings.refuse(
        dpopMode,
        `has no effect: no token of this type is bound to a key. Set ${authenticationType.name}=jwt or introspection`,
      );
    }
    return undefined;
  }
  if (type === 'jwt' && authentication.provider?.credentialField !== undefined) {
    settings.refuse(
      dpopMode,
      `has no effect: the proxy of ${jwtProvider.name}=${authentication.provider.name} adds the tokens, and they are bound to no key`,
    );
    return undefined;
  }
  if (mode === 'required') refuseUnboundCredentials(settings);
  return {
    isRequired: mode === 'required',
    proofLifetimeSeconds,
    nonceSecret: nonceSecret === undefined ? undefined : new Secret(nonceSecret),
    redisUrl: redisUrl === undefined ? undefined : new Secret(redisUrl),
  };
}

function refuseWithoutMode(settings: Settings): void {
  if (settings.isUnknown(dpopMode)) return;
  for (const variable of dpopVariables) {
    if (!settings.isSet(variable)) continue;
    settings.refuse(variable, `has no effect without ${dpopMode.name}=accepted or required`);
  }
}

/** What could never come in beside `required`. */
function refuseUnboundCredentials(settings: Settings): void {
  const keys = [apiKeyFile, apiKeyRedisUrl].find(settings.isSet);
  if (keys !== undefined) {
    settings.refuse(
      dpopMode,
      `would refuse every API key of ${keys.name}: API keys are bound to no client. Set ${dpopMode.name}=accepted`,
    );
  }
  if (settings.isSet(signInClientId)) {
    settings.refuse(
      dpopMode,
      `would refuse everybody who signs in at this server by ${signInClientId.name}: those tokens are bound to no client. Set ${dpopMode.name}=accepted`,
    );
  }
}
