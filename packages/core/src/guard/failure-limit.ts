/** Applies the limit of failed requests. It applies only after the token was verified. */
import { AuthError } from '../errors.ts';
import { authErrorAnswers } from './answers.ts';
import type { RateLimitDecision, RateLimitQuota } from './rate-limiter.ts';

/** Asks the limiter. `undefined` when the limiter fails: the client still gets the right answer. */
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

/** Why a request is refused, and how many failures are left, if that is known. */
export interface LimitedRefusal {
  readonly reason: AuthError;
  readonly quota?: RateLimitQuota | undefined;
}

/** Decides the answer to a failed request from the client's earlier failures. */
export async function applyLimit(
  error: AuthError,
  limit: RateLimitDecision | undefined,
  countFailure: () => Promise<RateLimitDecision>,
  onFailure: (error: unknown) => void,
): Promise<LimitedRefusal> {
  if (error.code === 'rate_limited') {
    // The limiter failed, so it is not known whether the client has too many failures.
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
