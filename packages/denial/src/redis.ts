export type { DenialRedisClient, RedisDenialStoreOptions } from './stores/redis-store.ts';
export { createRedisDenialStore } from './stores/redis-store.ts';
