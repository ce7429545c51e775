import type { AuthError } from '../errors.ts';
import { abandonedAnswer, authErrorAnswers, defaultRetryAfterSeconds } from './answers.ts';
import { type ChallengeParameters, writeChallenge } from './challenge.ts';
import type { RateLimitQuota } from './rate-limiter.ts';

/** An HTTP answer that an adapter writes as it is. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. `error` is absent where the request had no credentials (RFC 6750 §3.1), and where the caller is denied. */
  readonly body: { readonly error?: string; readonly error_description: string };
}

const headers = {
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json',
} as const;

/** For a client that closed its connection. It is not sent. */
export const abandonedRefusal: Refusal = Object.freeze({
  status: abandonedAnswer.status,
  headers: Object.freeze(headers),
  body: Object.freeze({ error_description: abandonedAnswer.description }),
});

/**
 * Turns a refusal into its HTTP answer, which comes only from the table in `answers.ts`. The answer contains
 * nothing from the request.
 *
 * @param quota The quota of the limit that counted this failure. Absent if no limit counted it.
 */
export function toRefusal(
  error: AuthError,
  parameters: ChallengeParameters,
  quota?: RateLimitQuota,
): Refusal {
  const answer = authErrorAnswers[error.code];
  const waits = answer.status === 429 || answer.status === 503;
  const asksForToken = !waits && (answer.status !== 403 || answer.error !== undefined);
  const retryAfter = Math.max(1, Math.ceil(error.retryAfterSeconds ?? defaultRetryAfterSeconds));
  return {
    status: answer.status,
    headers: {
      ...headers,
      ...(waits && { 'Retry-After': String(retryAfter) }),
      ...(asksForToken && { 'WWW-Authenticate': writeChallenge(answer, parameters) }),
      ...(error.nonce !== undefined && { 'DPoP-Nonce': error.nonce }),
      ...(quota !== undefined && writeQuota(quota, waits ? retryAfter : undefined)),
    },
    body: {
      ...(answer.error !== undefined && { error: answer.error }),
      error_description: answer.description,
    },
  };
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-10, for clients that slow down by themselves. */
function writeQuota(
  { limit, remaining, windowSeconds }: RateLimitQuota,
  retryAfter: number | undefined,
): Readonly<Record<string, string>> {
  const until = remaining === 0 && retryAfter !== undefined ? `;t=${retryAfter}` : '';
  return {
    'RateLimit-Policy': `"failures";q=${limit};w=${Math.ceil(windowSeconds)}`,
    RateLimit: `"failures";r=${remaining}${until}`,
  };
}
