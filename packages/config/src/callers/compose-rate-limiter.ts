import type { RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { RateLimit } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { rateLimitRedisUrl } from '../variables/server-variables.ts';
import type { WithRedis } from './redis-connections.ts';

const within = { allowed: true, retryAfterSeconds: 0 };

/** For `FASTMCP_SERVER_AUTH_RATE_LIMIT_ENABLED=false`. */
const unlimited: RateLimiter = {
  peek: async () => within,
  countFailure: async () => within,
};

/** @throws {ConfigError} When a package is not installed. */
export async function composeRateLimiter(
  rateLimit: RateLimit | undefined,
  withRedis: WithRedis,
  onEvent: ConfigListener,
): Promise<RateLimiter> {
  if (rateLimit === undefined) return unlimited;
  const { redisUrl: url, ...limit } = rateLimit;
  const fallback = createMemoryRateLimiter(limit);
  if (url === undefined) return fallback;
  return withRedis({ url, variable: rateLimitRedisUrl }, (client, library) =>
    library.createRedisRateLimiter({ client, fallback, ...limit, onEvent }),
  );
}
