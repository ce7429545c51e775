import { type Environment, Secret } from '@sallyport/core';
import {
  readAuthenticationType,
  refuseWithoutCallers,
} from '../authentication/authentication-type.ts';
import type { ApiKeys } from '../config.ts';
import { judgeRedisUrl } from '../values/redis-url.ts';
import type { Settings } from '../values/settings.ts';
import {
  apiKeyFile,
  apiKeyPreviousSecret,
  apiKeyRedisUrl,
  apiKeySecret,
} from '../variables/api-key-variables.ts';
import { authenticationType } from '../variables/server-variables.ts';

/** @returns `undefined`: keys are not accepted. */
export function readApiKeys(settings: Settings, environment: Environment): ApiKeys | undefined {
  const store = readStore(settings, environment);
  if (store === undefined) return undefined;
  const secret = settings.require(apiKeySecret) ?? '';
  const previousSecret = settings.read(apiKeyPreviousSecret);
  return {
    store,
    secret: new Secret(secret),
    previousSecret: previousSecret === undefined ? undefined : new Secret(previousSecret),
  };
}

function readStore(settings: Settings, environment: Environment): ApiKeys['store'] | undefined {
  const [hasFile, hasRedis] = [settings.isSet(apiKeyFile), settings.isSet(apiKeyRedisUrl)];
  const path = settings.read(apiKeyFile);
  const url = settings.read(apiKeyRedisUrl);
  judgeRedisUrl(settings, apiKeyRedisUrl, environment);
  if (hasFile && hasRedis) {
    settings.refuse(apiKeyFile, `cannot stand beside ${apiKeyRedisUrl.name}. Remove one of them`);
  }
  if (hasFile || hasRedis) refuseWithoutCallers(settings, hasFile ? apiKeyFile : apiKeyRedisUrl);
  if (!hasFile && !hasRedis && !settings.isUnknown(apiKeyRedisUrl)) refuseWithoutStore(settings);
  if (path !== undefined) return { kind: 'file', path };
  return url === undefined ? undefined : { kind: 'redis', url: new Secret(url) };
}

function refuseWithoutStore(settings: Settings): void {
  const stores = `${apiKeyFile.name} on one machine, or ${apiKeyRedisUrl.name} for several instances`;
  const secrets = [apiKeySecret, apiKeyPreviousSecret].filter(settings.isSet);
  for (const variable of secrets) {
    settings.refuse(variable, `has no effect without a store of API keys. Set ${stores}`);
  }
  if (secrets.length === 0 && readAuthenticationType(settings) === 'api-key') {
    settings.refuse(authenticationType, `needs a store of API keys. Set ${stores}`);
  }
}
