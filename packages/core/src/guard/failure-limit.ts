/** Where the limit of failed requests bites: after the token was looked at, and never before. */
import { AuthError } from '../errors.ts';
import { authErrorAnswers } from './answers.ts';
import type { RateLimitDecision, RateLimitQuota } from './rate-limiter.ts';

/** A limiter that fails must cost no client its right answer: `undefined` is "not known". */
export async function ask(
  question: () => Promise<RateLimitDecision>,
  onFailure: (error: unknown) => void,
): Promise<RateLimitDecision | undefined> {
  try {
    return await question();
  } catch (error) {
    onFailure(error);
    return undefined;
  }
}

/** Why a request is refused, and what is left of the limit where that is known. */
export interface LimitedRefusal {
  readonly reason: AuthError;
  readonly quota?: RateLimitQuota | undefined;
}

/** What a failed request is answered with, once the client's earlier failures are considered. */
export async function applyLimit(
  error: AuthError,
  limit: RateLimitDecision | undefined,
  countFailure: () => Promise<RateLimitDecision>,
  onFailure: (error: unknown) => void,
): Promise<LimitedRefusal> {
  if (error.code === 'rate_limited') {
    // "Too many" would be a lie about a client whose failures nobody could count.
    if (limit === undefined) {
      const detail = 'the rate limiter failed, so the network was not asked';
      return { reason: new AuthError('upstream_unavailable', { cause: error, detail }) };
    }
    const reason = new AuthError('rate_limited', {
      cause: error,
      detail: 'over the limit, and the token needs the network',
      retryAfterSeconds: error.retryAfterSeconds ?? limit.retryAfterSeconds,
    });
    return { reason, quota: limit.quota };
  }
  if (!authErrorAnswers[error.code].counts) return { reason: error };

  const counted = await ask(countFailure, onFailure);
  if (counted === undefined || counted.allowed) return { reason: error, quota: counted?.quota };
  const reason = new AuthError('rate_limited', {
    cause: error,
    detail: error.detail === undefined ? error.code : `${error.code}: ${error.detail}`,
    retryAfterSeconds: counted.retryAfterSeconds,
  });
  return { reason, quota: counted.quota };
}
