export type { MemoryCallQuotaOptions } from './memory-call-quota.ts';
export { createMemoryCallQuota } from './memory-call-quota.ts';
export type { MemoryRateLimiterOptions } from './memory-rate-limiter.ts';
export { createMemoryRateLimiter } from './memory-rate-limiter.ts';
