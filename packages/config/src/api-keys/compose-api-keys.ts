/** API keys, put together of `@sallyport/verifier-api-key`. */
import type { CredentialField, Secret, TokenVerifier } from '@sallyport/core';
import type { WithRedis } from '../callers/redis-connections.ts';
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
  readonly withRedis: WithRedis;
  readonly onEvent: ConfigListener;
}

/** @throws {ConfigError} When a secret cannot be used, or a package is not installed. */
export async function composeApiKeys(
  { store, secret, previousSecret }: ApiKeys,
  { resource, withRedis, onEvent }: Context,
): Promise<ComposedApiKeys> {
  const asks = store.kind === 'file' ? apiKeyFile : apiKeyRedisUrl;
  const { createApiKeyVerifier, createFileKeyStore } = await loadPackage(
    '@sallyport/verifier-api-key',
    asks.name,
    () => import('@sallyport/verifier-api-key'),
  );
  const opened =
    store.kind === 'file'
      ? createFileKeyStore({ path: store.path })
      : await openRedisStore(store.url, { resource, withRedis });
  try {
    const verifier = createApiKeyVerifier({
      resource,
      secret,
      ...(previousSecret !== undefined && { previousSecret }),
      store: opened,
      onEvent,
    });
    const { beside, credentialField, replaceSecret } = verifier;
    return { verifier, beside, credentialField, replaceSecret };
  } catch (error) {
    await opened.close?.();
    throw error;
  }
}

// A process that is busy for a tenth of a second must not take Redis for slow.
const timeoutSeconds = 0.5;

async function openRedisStore(
  url: Secret,
  { resource, withRedis }: Pick<Context, 'resource' | 'withRedis'>,
) {
  const { createRedisKeyStore } = await import('@sallyport/verifier-api-key/redis');
  return withRedis({ url, variable: apiKeyRedisUrl, timeoutSeconds }, (client) =>
    createRedisKeyStore({ client, resource, timeoutSeconds }),
  );
}
