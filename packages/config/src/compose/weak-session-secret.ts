/** The secret that makes session ids: whether it can be guessed. */
import { ConfigError, type Secret } from '@sallyport/core';
import { toConfigError } from '../report/problems.ts';

type SecretCheck = (secret: Secret) => void;

/**
 * Loads the check for weak secrets of `@sallyport/verifier-jwt`. Where that package is not installed,
 * only the gate's own check of the length remains.
 *
 * @returns Throws a `ConfigError` for a secret that is too short, published or guessable.
 */
export async function loadSessionSecretCheck(): Promise<SecretCheck> {
  const library = await import('@sallyport/verifier-jwt').catch(() => undefined);
  if (library === undefined) return () => {};
  return (secret) => {
    try {
      library.hmacSecret(secret).open(['HS256']);
    } catch (error) {
      throw new ConfigError('gate.sessionSecret', toConfigError(error).problem);
    }
  };
}
