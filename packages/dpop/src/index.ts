export type { ProofAlgorithm } from './algorithms.ts';
export type { DpopOptions } from './dpop.ts';
export { createDpop } from './dpop.ts';
export type { MemoryReplayStoreOptions } from './memory-replay-store.ts';
export { createMemoryReplayStore } from './memory-replay-store.ts';
export type { NonceOptions } from './nonces.ts';
export type {
  RedisClient,
  RedisReplayStoreOptions,
  ReplayEvent,
} from './redis-replay-store.ts';
export { createRedisReplayStore } from './redis-replay-store.ts';
export type { ReplayStore, UsedProof } from './replay-store.ts';
