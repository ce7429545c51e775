/** Runs one verification and says how it ended. Anything but an `AuthError` fails the test. */
import {
  type AuthError,
  type AuthErrorCode,
  isAuthError,
  type TokenVerifier,
  type VerifyContext,
} from '@sallyport/core';
import { expect } from 'vitest';
import { testContext } from './test-context.ts';

/** `verified`, or the code of the refusal. */
export async function settle(
  verifier: TokenVerifier,
  token: string,
  context: VerifyContext = testContext(),
): Promise<AuthErrorCode | 'verified'> {
  return verifier.verify(token, context).then(
    () => 'verified',
    (reason: unknown) => toAuthError(reason).code,
  );
}

/** The refusal. Fails when there was none. */
export async function refusal(
  verifier: TokenVerifier,
  token: string,
  context: VerifyContext = testContext(),
): Promise<AuthError> {
  return verifier.verify(token, context).then(
    () => expect.fail('the verifier accepted the token'),
    (reason: unknown) => toAuthError(reason),
  );
}

/** Fails the test when `reason` is anything but an `AuthError`. */
export function toAuthError(reason: unknown): AuthError {
  if (isAuthError(reason)) return reason;
  return expect.fail(`${String(reason)} is not an AuthError`);
}
