export type { ConnectRedisOptions, RedisConnectionEvent } from './connection/connect-redis.ts';
export { connectRedis } from './connection/connect-redis.ts';
export type { RateLimitEvent } from './rate-limit-event.ts';
export type { RedisCallQuota, RedisCallQuotaOptions } from './redis-call-quota.ts';
export { createRedisCallQuota } from './redis-call-quota.ts';
export type { RedisClient } from './redis-client.ts';
export type { RedisRateLimiterOptions } from './redis-rate-limiter.ts';
export { createRedisRateLimiter } from './redis-rate-limiter.ts';
