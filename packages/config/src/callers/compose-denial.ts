import type { AuthorizationRule, Environment } from '@sallyport/core';
import type { DenialStore } from '@sallyport/denial';
import type { DenialPlace } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { denialList } from '../variables/denial-variables.ts';

/** @throws {ConfigError} When a package is not installed. */
export async function composeDenial(
  place: DenialPlace | undefined,
  environment: Environment,
  onEvent: ConfigListener,
): Promise<AuthorizationRule | undefined> {
  if (place === undefined) return undefined;
  const { createDenialList } = await loadPackage(
    '@sallyport/denial',
    denialList.name,
    () => import('@sallyport/denial'),
  );
  const { store, disconnect } = await openStore(place, environment, onEvent);
  const list = createDenialList({ store, onEvent });
  return {
    ...list,

    async close() {
      await list.close();
      disconnect();
    },
  };
}

interface OpenStore {
  readonly store: DenialStore;
  disconnect(): void;
}

async function openStore(
  place: DenialPlace,
  environment: Environment,
  onEvent: ConfigListener,
): Promise<OpenStore> {
  if ('path' in place) {
    const { createFileDenialStore } = await loadPackage(
      '@sallyport/denial',
      denialList.name,
      () => import('@sallyport/denial/file'),
    );
    return { store: createFileDenialStore({ path: place.path }), disconnect() {} };
  }
  const { createRedisDenialStore } = await loadPackage(
    '@sallyport/denial',
    denialList.name,
    () => import('@sallyport/denial/redis'),
  );
  const { connectRedis } = await loadPackage(
    '@sallyport/rate-limit-redis',
    denialList.name,
    () => import('@sallyport/rate-limit-redis'),
  );
  const client = await connectRedis({
    url: place.redisUrl.reveal(),
    // A list is longer than an answer of the limiter, and no request waits for it.
    timeoutSeconds: 1,
    environment,
    onEvent,
  });
  return { store: createRedisDenialStore({ client }), disconnect: () => client.disconnect() };
}
