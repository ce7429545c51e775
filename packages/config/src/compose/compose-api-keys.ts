/** API keys, put together of `@sallyport/verifier-api-key`. */
import type { Environment, Secret, TokenVerifier } from '@sallyport/core';
import type { CredentialField } from '@sallyport/mcp-adapter';
import type { ApiKeys } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { apiKeyFile, apiKeyRedisUrl } from '../variables/api-key-variables.ts';

/** What accepts keys. */
export interface ComposedApiKeys {
  readonly verifier: TokenVerifier;
  /** Returns a verifier of keys and of other tokens. */
  readonly beside: (others: TokenVerifier) => TokenVerifier;
  readonly credentialField: CredentialField;
  /** @throws {ConfigError} When it cannot be used: then everything stays as it is. */
  readonly replaceSecret: (next: Secret) => void;
}

interface Context {
  readonly resource: string;
  readonly environment: Environment;
  readonly onEvent: ConfigListener;
}

/** @throws {ConfigError} When a secret cannot be used, or a package is not installed. */
export async function composeApiKeys(
  { store, secret, previousSecret }: ApiKeys,
  context: Context,
): Promise<ComposedApiKeys> {
  const { resource, onEvent } = context;
  const asks = store.kind === 'file' ? apiKeyFile : apiKeyRedisUrl;
  const { createApiKeyVerifier, createFileKeyStore } = await loadPackage(
    '@sallyport/verifier-api-key',
    asks.name,
    () => import('@sallyport/verifier-api-key'),
  );
  const verifier = createApiKeyVerifier({
    resource,
    secret,
    ...(previousSecret !== undefined && { previousSecret }),
    store:
      store.kind === 'file'
        ? createFileKeyStore({ path: store.path })
        : await openRedisStore(store.url, context),
    onEvent,
  });
  const { beside, credentialField, replaceSecret } = verifier;
  return { verifier, beside, credentialField, replaceSecret };
}

// A process that is busy for a tenth of a second must not take Redis for slow.
const timeoutSeconds = 0.5;

async function openRedisStore(url: Secret, { resource, environment, onEvent }: Context) {
  const { connectRedis } = await loadPackage(
    '@sallyport/rate-limit-redis',
    apiKeyRedisUrl.name,
    () => import('@sallyport/rate-limit-redis'),
  );
  const { createRedisKeyStore } = await import('@sallyport/verifier-api-key/redis');
  const client = await connectRedis({ url: url.reveal(), environment, timeoutSeconds, onEvent });
  const store = createRedisKeyStore({ client, resource, timeoutSeconds });
  return {
    ...store,

    async close() {
      client.disconnect();
    },
  };
}
