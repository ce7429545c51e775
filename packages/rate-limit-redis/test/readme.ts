import type { RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { connectRedis, createRedisRateLimiter } from '@sallyport/rate-limit-redis';

const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const client = await connectRedis({ url });
const limit = { maximumAttempts: 2, windowSeconds: 60 };

export const events: string[] = [];
const rateLimiter: RateLimiter = createRedisRateLimiter({
  ...limit,
  client,
  // Decides while Redis is slow or away.
  fallback: createMemoryRateLimiter(limit),
  onEvent: (event) => events.push(event.type),
});

await rateLimiter.countFailure('192.0.2.1');
await rateLimiter.countFailure('192.0.2.1');

export const limited = await rateLimiter.peek('192.0.2.1');
export const neighbour = await rateLimiter.peek('2001:db8:1:2::/64');

client.disconnect();
