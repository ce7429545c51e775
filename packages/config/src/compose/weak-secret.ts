/** Secrets that an operator makes up: whether they can be guessed. */
import { ConfigError, type Secret } from '@sallyport/core';
import { toConfigError } from '../report/problems.ts';

type SecretCheck = (secret: Secret, option: string) => void;

/**
 * Loads the check for weak secrets of `@sallyport/verifier-jwt`. Where that package is not installed,
 * only the check of the length remains.
 *
 * @returns Throws a `ConfigError` for a secret that is too short, published or guessable.
 */
export async function loadSecretCheck(): Promise<SecretCheck> {
  const library = await import('@sallyport/verifier-jwt').catch(() => undefined);
  if (library === undefined) return () => {};
  return (secret, option) => {
    try {
      library.hmacSecret(secret).open(['HS256']);
    } catch (error) {
      throw new ConfigError(option, toConfigError(error).problem);
    }
  };
}
