/** The keys of a server, as its settings describe them. */
import type { Config } from '@sallyport/config';
import { connectRedis } from '@sallyport/rate-limit-redis';
import {
  type ApiKeyRegistry,
  type ApiKeyStore,
  createApiKeyRegistry,
  createFileKeyStore,
} from '@sallyport/verifier-api-key';
import { createRedisKeyStore } from '@sallyport/verifier-api-key/redis';

/** A registry, and what has to be released after it. */
export interface OpenRegistry {
  readonly registry: ApiKeyRegistry;
  close(): void;
}

type ApiKeys = NonNullable<Config['apiKeys']>;

// A person waits, so that a slow Redis is no outage.
const timeoutSeconds = 1;

/** @throws {ConfigError} When a secret cannot be used. */
export async function openRegistry(
  { secret, previousSecret, store }: ApiKeys,
  { resource, now }: { readonly resource: string; readonly now: () => number },
): Promise<OpenRegistry> {
  const opened = await openStore(store, resource);
  const registry = createApiKeyRegistry({
    resource,
    secret,
    ...(previousSecret !== undefined && { previousSecret }),
    store: opened.store,
    now,
  });
  return { registry, close: opened.close };
}

async function openStore(
  store: ApiKeys['store'],
  resource: string,
): Promise<{ readonly store: ApiKeyStore; close(): void }> {
  if (store.kind === 'file') {
    return { store: createFileKeyStore({ path: store.path }), close: () => {} };
  }
  const client = await connectRedis({ url: store.url.reveal(), timeoutSeconds });
  return {
    store: createRedisKeyStore({ client, resource, timeoutSeconds }),
    close: () => client.disconnect(),
  };
}
