/** Combines the cache, the queue and the checks of answers. The function that asks the server is an argument. */
import {
  AuthError,
  authErrorAnswers,
  type Claims,
  isAuthError,
  type TokenVerifier,
  type VerifyContext,
  widerNetworkOf,
} from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import type { IntrospectionEvent } from './introspection-event.ts';
import type { Clock } from './questions/clock.ts';
import type { Asker, Outcome } from './questions/question.ts';
import { createQuestionScheduler } from './questions/question-scheduler.ts';
import { createServerHealth } from './questions/server-health.ts';
import { createSharedQuestions } from './questions/shared-questions.ts';
import { createAnswerCache } from './responses/answer-cache.ts';
import { type IntrospectionRules, judgeIntrospection } from './responses/introspected-claims.ts';

/** Options for {@link createAskingVerifier}. */
export interface AskingVerifierOptions {
  /**
   * @returns The claims of an active token; `undefined` for an inactive token.
   * @throws {AuthError} `upstream_unavailable` when the server gave no usable answer.
   */
  readonly ask: (token: string, signal: AbortSignal) => Promise<Claims | undefined>;
  readonly rules: IntrospectionRules;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly cacheTtlMs: number;
  readonly maximumTokens: number;
  readonly report: (event: IntrospectionEvent) => void;
}

export function createAskingVerifier(
  options: AskingVerifierOptions,
): Pick<TokenVerifier, 'verify' | 'readings'> & { close(): void } {
  const { ask, rules, clock, timeoutMs, maximumTokens, report } = options;
  const { monotonicNow } = clock;
  const answers = createAnswerCache({ ttlMs: options.cacheTtlMs, maximumTokens, monotonicNow });
  const health = createServerHealth(monotonicNow, report);
  const scheduler = createQuestionScheduler({ clock, timeoutMs, onEnd: health.record });
  const questions = createSharedQuestions<Claims | undefined>();
  // Digests of accepted tokens. A stranger cannot have such a token.
  let proven: LRUCache<string, true> | undefined;

  function judge(digest: string, claims: Claims | undefined, context: VerifyContext): Outcome {
    answers.set(digest, claims);
    const outcome = outcomeOf(claims, rules, context);
    if (outcome === 'accepted') {
      proven ??= new LRUCache({ max: maximumTokens });
      proven.set(digest, true);
    } else proven?.delete(digest);
    return outcome;
  }

  async function askServer(token: string, digest: string, context: VerifyContext) {
    const { clientKey, allowRemote, failuresLeft = Number.POSITIVE_INFINITY } = context;
    const client = clientKey && (widerNetworkOf(clientKey) ?? clientKey);
    const asker: Asker = {
      client,
      failuresLeft: allowRemote ? failuresLeft : 0,
      isProven: proven?.get(digest) ?? false,
    };
    return questions.share(`${client ?? ''}\0${digest}`, context.signal, () =>
      scheduler.submit(asker, {
        send: (signal) => ask(token, signal),
        judge: (claims) => judge(digest, claims, context),
      }),
    );
  }

  return {
    async verify(token, context) {
      // Servers treat an empty token as a request without one, and would blame this server.
      if (token === '') throw new AuthError('token_inactive', { detail: 'an empty token' });
      const digest = answers.digest(token);
      const known = answers.get(digest, context.nowSeconds);
      const claims = known === undefined ? await askServer(token, digest, context) : known.claims;
      if (claims === undefined) throw inactive(token);
      return judgeIntrospection(claims, rules, context);
    },

    readings: answers.readings,
    close: scheduler.close,
  };
}

function outcomeOf(
  claims: Claims | undefined,
  rules: IntrospectionRules,
  context: VerifyContext,
): Outcome {
  if (claims === undefined) return 'failed';
  try {
    judgeIntrospection(claims, rules, context);
    return 'accepted';
  } catch (error) {
    return isAuthError(error) && authErrorAnswers[error.code].counts ? 'failed' : 'neither';
  }
}

/** The server gives no reason, so the detail names the shape of the token. */
function inactive(token: string): AuthError {
  const shape = token.startsWith('eyJ')
    ? 'it is a JWT, which some servers do not introspect'
    : 'it may be of another issuer or environment';
  const detail = `introspection: the server calls the token inactive: expired, revoked or unknown; ${shape}`;
  return new AuthError('token_inactive', { detail });
}
