/** Asks the rules of a guard, and lets them watch. */
import { isAuthError } from '../errors.ts';
import type { AuthorizationRule, RuleRequest } from './authorization-rule.ts';

/** Returns the first refusal: an `AuthError`, or anything else if a rule is broken. */
export async function askRules(
  rules: readonly AuthorizationRule[],
  request: RuleRequest,
  deadlineMs = 5_000,
): Promise<unknown> {
  for (const rule of rules) {
    try {
      const given: unknown = rule.check(request);
      // Most rules answer at once, and need no timer.
      const refusal = given === undefined ? given : await within(deadlineMs, given);
      if (refusal !== undefined) return refusal;
    } catch (error) {
      // For example of a verifier that the rule uses. It says nothing of this caller.
      return isAuthError(error) ? new Error(error.code) : (error ?? new Error());
    }
  }
  return undefined;
}

/**
 * Lets rules watch an open stream.
 *
 * @returns A function that stops them. It never throws.
 */
export function watchRules(
  rules: readonly AuthorizationRule[],
  request: RuleRequest,
  refuse: (refusal: unknown) => void,
): () => void {
  const stops = rules.map((rule): unknown => {
    try {
      return rule.watch?.(request, refuse);
    } catch (error) {
      return refuse(error);
    }
  });
  return () => {
    for (const stop of stops) if (typeof stop === 'function') stop();
  };
}

async function within(deadlineMs: number, given: unknown): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise((_, reject) => {
    // The error is made late, because a stack trace is expensive.
    timer = setTimeout(() => reject(new Error('no answer in time')), deadlineMs);
  });
  try {
    return await Promise.race([given, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
