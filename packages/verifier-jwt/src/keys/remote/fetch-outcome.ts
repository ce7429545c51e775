/** What comes of a fetch of keys, in words and numbers. */
import { AuthError, isAuthError } from '@sallyport/core';
import type { KeySet } from '../key-set.ts';

// An origin can ask for a longer pause, but not for one that outlasts its own outage by much.
const longestPauseMs = 60_000;

/** The keys are at hand, and none of them is the token's. */
export function unknownKey(): AuthError {
  const detail = 'the key id is not among the keys of the issuer, which were just fetched';
  return new AuthError('token_key_unknown', { detail });
}

/** A newer key may exist, and cannot be fetched yet. */
export function pendingKey(milliseconds: number): AuthError {
  return new AuthError('token_key_pending', {
    detail: 'the key id is unknown, and the keys cannot be fetched again yet',
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1_000)),
  });
}

/** Why the keys of a set cannot be used, with numbers and words from a closed list. */
export function describeDropped({ dropped }: KeySet): string {
  const reasons = [...dropped].map(([reason, count]) => `${count} ${reason}`);
  return reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
}

/** How long no other fetch begins, in milliseconds. */
export function pauseAfter(cause: unknown, cooldownMs: number): number {
  const asked = isAuthError(cause) ? (cause.retryAfterSeconds ?? 0) * 1_000 : 0;
  return Math.max(cooldownMs, Math.min(asked, longestPauseMs));
}

/** For the log. */
export function detailOf(cause: unknown): string {
  const { detail } = cause as { detail?: unknown };
  return `keys: ${typeof detail === 'string' ? detail : (cause as Error).message}`;
}
