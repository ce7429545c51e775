import type { RateLimiter } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';

const rateLimiter: RateLimiter = createMemoryRateLimiter({ maximumAttempts: 2, windowSeconds: 60 });

await rateLimiter.countFailure('192.0.2.1');
await rateLimiter.countFailure('192.0.2.1');

export const limited = await rateLimiter.peek('192.0.2.1');
export const neighbour = await rateLimiter.peek('192.0.2.2');
