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
  // Without a reason it is a refusal, too.
  const end = (refusal: unknown) => refuse(refusal ?? new Error());
  const stops = rules.map((rule): unknown => {
    try {
      return rule.watch?.(request, end);
    } catch (error) {
      return end(error);
    }
  });
  return () => {
    for (const stop of stops) {
      try {
        if (typeof stop === 'function') stop();
      } catch {
        // Hosts call this when a connection closes, where an error would end the process.
      }
    }
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
