import type { Secret, SecretProvider } from '@sallyport/core';

/** Returns the secret in force. `isRefused`: the server has just refused the one of before. */
export type CurrentSecret = (question: { readonly isRefused: boolean }) => Promise<Secret>;

/**
 * Reads a secret anew for each request, because it may just have been changed.
 *
 * @param name The name in the secret backend. `undefined`: the secret comes from elsewhere, and stays.
 */
export function currentSecret(
  secret: Secret,
  name: string | undefined,
  secrets: SecretProvider | undefined,
  timeoutSeconds: number,
): Secret | CurrentSecret {
  if (secrets === undefined || name === undefined) return secret;
  let last: Secret = secret;
  return async ({ isRefused }) => {
    const context = { signal: AbortSignal.timeout(timeoutSeconds * 1_000) };
    try {
      const lookup =
        isRefused && secrets.reread !== undefined
          ? await secrets.reread(name, context)
          : await secrets.get(name, context);
      if (lookup.found) last = lookup.secret;
    } catch {
      // The backend has told its listener. What was good before may still be.
    }
    return last;
  };
}
