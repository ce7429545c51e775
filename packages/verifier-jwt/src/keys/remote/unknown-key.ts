import { AuthError } from '@sallyport/core';

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
