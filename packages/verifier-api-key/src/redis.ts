/** Records of keys in Redis or Valkey. This entry needs a client, and imports none. */
export type { RedisKeyClient } from './stores/redis-client.ts';
export type { RedisKeyStoreOptions } from './stores/redis-store.ts';
export { createRedisKeyStore } from './stores/redis-store.ts';
