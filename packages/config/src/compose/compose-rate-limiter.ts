import type { Environment, RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { RateLimit } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { rateLimitRedisUrl } from '../variables/server-variables.ts';

const within = { allowed: true, retryAfterSeconds: 0 };

/** For `FASTMCP_SERVER_AUTH_RATE_LIMIT_ENABLED=false`. */
const unlimited: RateLimiter = {
  peek: async () => within,
  countFailure: async () => within,
};

/** @throws {ConfigError} When a package is not installed. */
export async function composeRateLimiter(
  rateLimit: RateLimit | undefined,
  environment: Environment,
  onEvent: ConfigListener,
): Promise<RateLimiter> {
  if (rateLimit === undefined) return unlimited;
  const { redisUrl, ...limit } = rateLimit;
  const fallback = createMemoryRateLimiter(limit);
  if (redisUrl === undefined) return fallback;
  const { connectRedis, createRedisRateLimiter } = await loadPackage(
    '@sallyport/rate-limit-redis',
    rateLimitRedisUrl.name,
    () => import('@sallyport/rate-limit-redis'),
  );
  const client = await connectRedis({ url: redisUrl.reveal(), environment, onEvent });
  try {
    const shared = createRedisRateLimiter({ client, fallback, ...limit, onEvent });
    return {
      ...shared,

      async close() {
        await shared.close?.();
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}
