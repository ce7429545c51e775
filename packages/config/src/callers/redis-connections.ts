/** One connection to Redis for everything that counts in it. */
import type { Environment, Secret } from '@sallyport/core';
import type { connectRedis } from '@sallyport/rate-limit-redis';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { rateLimitRedisUrl } from '../variables/server-variables.ts';

type Library = typeof import('@sallyport/rate-limit-redis');

/** The connection, for one part of a gate. */
interface RedisUse {
  readonly client: Awaited<ReturnType<typeof connectRedis>>;
  readonly library: Pick<Library, 'createRedisCallQuota' | 'createRedisRateLimiter'>;
  /** The last part to release it closes it. */
  release(): void;
}

/** Connects at the first use. All parts have the same URL. */
export type UseRedis = (url: Secret) => Promise<RedisUse>;

/** @returns It throws a `ConfigError` when the package is not installed. */
export function createSharedRedis(environment: Environment, onEvent: ConfigListener): UseRedis {
  let opened: Promise<Omit<RedisUse, 'release'>> | undefined;
  let uses = 0;

  async function open(url: Secret): Promise<Omit<RedisUse, 'release'>> {
    const library = await loadPackage(
      '@sallyport/rate-limit-redis',
      rateLimitRedisUrl.name,
      () => import('@sallyport/rate-limit-redis'),
    );
    const client = await library.connectRedis({ url: url.reveal(), environment, onEvent });
    return { client, library };
  }

  return async (url) => {
    opened ??= open(url);
    const { client, library } = await opened;
    uses += 1;
    return {
      client,
      library,

      release() {
        uses -= 1;
        if (uses === 0) client.disconnect();
      },
    };
  };
}
