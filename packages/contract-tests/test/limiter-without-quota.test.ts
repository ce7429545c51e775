/** A limiter need not say what is left. */
import type { RateLimitDecision } from '@sallyport/core';
import { describeRateLimiter } from '../src/index.ts';
import { createLimiter } from './limiter.ts';

const withoutQuota = ({ allowed, retryAfterSeconds }: RateLimitDecision): RateLimitDecision => ({
  allowed,
  retryAfterSeconds,
});

describeRateLimiter({
  create(limit) {
    const { limiter, advance } = createLimiter(limit);
    return {
      limiter: {
        ...limiter,
        peek: async (key) => withoutQuota(await limiter.peek(key)),
        countFailure: async (key) => withoutQuota(await limiter.countFailure(key)),
      },
      advance,
    };
  },
});
