import type { RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { RateLimit } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import type { UseRedis } from './shared-redis.ts';

const within = { allowed: true, retryAfterSeconds: 0 };

/** For `FASTMCP_SERVER_AUTH_RATE_LIMIT_ENABLED=false`. */
const unlimited: RateLimiter = {
  peek: async () => within,
  countFailure: async () => within,
};

/** @throws {ConfigError} When a package is not installed. */
export async function composeRateLimiter(
  rateLimit: RateLimit | undefined,
  useRedis: UseRedis,
  onEvent: ConfigListener,
): Promise<RateLimiter> {
  if (rateLimit === undefined) return unlimited;
  const { redisUrl, ...limit } = rateLimit;
  const fallback = createMemoryRateLimiter(limit);
  if (redisUrl === undefined) return fallback;
  const { client, library, release } = await useRedis(redisUrl);
  const shared = library.createRedisRateLimiter({ client, fallback, ...limit, onEvent });
  return {
    ...shared,

    async close() {
      await shared.close?.();
      release();
    },
  };
}
