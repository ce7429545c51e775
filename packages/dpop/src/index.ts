export type { DpopOptions } from './dpop.ts';
export { createDpop } from './dpop.ts';
export type { MemoryReplayStoreOptions } from './replay/memory-replay-store.ts';
export { createMemoryReplayStore } from './replay/memory-replay-store.ts';
export type {
  RedisClient,
  RedisReplayStoreOptions,
  ReplayEvent,
} from './replay/redis-replay-store.ts';
export { createRedisReplayStore } from './replay/redis-replay-store.ts';
export type { ReplayStore, UsedProof } from './replay/replay-store.ts';
