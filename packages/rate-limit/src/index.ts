export type { MemoryRateLimiterOptions } from './memory-rate-limiter.ts';
export { createMemoryRateLimiter } from './memory-rate-limiter.ts';
