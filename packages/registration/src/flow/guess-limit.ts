/**
 * Limits guesses by the limiter of the gate. It counts only what failed. What is good is never limited, so that people
 * behind one address do not shut each other out.
 */
import type { RateLimitDecision, RateLimiter } from '@sallyport/core';
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import { limitedAnswer } from '../http/answers.ts';
import { digestOf } from '../sealing/digest.ts';
import type { SignInReporter } from '../sign-in-event.ts';

/** What one server counts. */
export interface GuessLimit {
  /** Counts a refused request. Returns its answer, or 429 when the address was over its limit already. */
  count(step: 'register' | 'token', request: GateRequest, answer: GateAnswer): Promise<GateAnswer>;
  /** Whether the provider refused a code or token so often that it is not asked again for a while. */
  isDead(grant: string): Promise<boolean>;
  /** Counts that the provider refused a code or token. */
  countRefused(grant: string): Promise<void>;
}

export function createGuessLimit(limiter: RateLimiter, report: SignInReporter): GuessLimit {
  /** `undefined` when the limiter fails: the client still gets the right answer. */
  async function ask(
    question: () => Promise<RateLimitDecision>,
  ): Promise<RateLimitDecision | undefined> {
    try {
      return await question();
    } catch {
      report.failed('token', 'the rate limiter failed');
      return undefined;
    }
  }

  // No address has this form. Redis gets a digest of a digest, and no byte of a token.
  const keyOf = async (grant: string) => `grant ${await digestOf(grant)}`;

  return {
    async count(step, request, answer) {
      const decision = await ask(() => limiter.countFailure(request.clientAddress));
      if (decision === undefined || decision.allowed) return answer;
      report.refused(step, 'temporarily_unavailable', 'the address has too many failures');
      return limitedAnswer(decision.retryAfterSeconds);
    },

    async isDead(grant) {
      const key = await keyOf(grant);
      const decision = await ask(() => limiter.peek(key));
      // Without a quota, others have too many failures.
      return decision !== undefined && !decision.allowed && decision.quota !== undefined;
    },

    async countRefused(grant) {
      const key = await keyOf(grant);
      await ask(() => limiter.countFailure(key));
    },
  };
}
