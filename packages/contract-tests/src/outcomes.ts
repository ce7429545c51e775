/** Runs one verification and says how it ended. Anything but an `AuthError` fails the test. */
import {
  type AuthError,
  type AuthErrorCode,
  isAuthError,
  type Principal,
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

/** The principal. Fails with the reason of a refusal. */
export async function verified(
  verifier: TokenVerifier,
  token: string,
  context: VerifyContext = testContext(),
): Promise<Principal> {
  return verifier
    .verify(token, context)
    .catch((reason: unknown) => expect.fail(`refused: ${explain(toAuthError(reason), token)}`));
}

/** Fails with the reason of a refusal unless the outcome is one of `admissible`. */
export async function expectOutcome(
  verifier: TokenVerifier,
  token: string,
  admissible: readonly (AuthErrorCode | 'verified')[],
  context: VerifyContext = testContext(),
): Promise<void> {
  await verifier.verify(token, context).then(
    () => expect(admissible).toContain('verified'),
    (reason: unknown) => expectCode(toAuthError(reason), admissible, token),
  );
}

/** Fails with the reason of the refusal unless its code is one of `admissible`. */
export function expectCode(error: AuthError, admissible: readonly string[], token: string): void {
  expect(admissible, explain(error, token)).toContain(error.code);
}

/** `code: detail`, and the line that refused. The token stays out, also where a verifier quotes it. */
export function explain({ code, detail, stack = '' }: AuthError, token: string): string {
  // The constructor, and a proxy around the class, have frames above the line that refused.
  const frames = stack.split('\n').map((frame) => frame.trim());
  const line = frames.find((frame) => /^at (?!new |\S*\bconstruct\b)/.test(frame));
  const text = [detail === undefined ? code : `${code}: ${detail}`, line]
    .filter((part) => part !== undefined)
    .join('\n    ');
  return token === '' ? text : text.replaceAll(token, '∎');
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
