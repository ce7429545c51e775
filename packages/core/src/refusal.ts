import { type ChallengeParameters, writeChallenge } from './challenge.ts';
import { type AuthError, authErrorAnswers } from './errors.ts';

/** An HTTP answer that an adapter writes as it is. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. `error` is absent where the request had no credentials (RFC 6750 §3.1). */
  readonly body: { readonly error?: string; readonly error_description: string };
}

const defaultRetryAfterSeconds = 5;

/** Turns a refusal into its answer, from the table in `errors.ts` and nothing of the request. */
export function toRefusal(error: AuthError, parameters: ChallengeParameters): Refusal {
  const answer = authErrorAnswers[error.code];
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
  };
  if (answer.status === 429 || answer.status === 503) {
    const seconds = error.retryAfterSeconds ?? defaultRetryAfterSeconds;
    headers['Retry-After'] = String(Math.max(1, Math.ceil(seconds)));
  } else {
    headers['WWW-Authenticate'] = writeChallenge(answer, parameters);
  }
  return {
    status: answer.status,
    headers,
    body: {
      ...(answer.error !== undefined && { error: answer.error }),
      error_description: answer.description,
    },
  };
}
