import type { Secret, SecretChange } from '@sallyport/core';
import type { Config } from './config.ts';
import type { ConfigListener } from './config-event.ts';
import { introspectionClientSecret } from './introspection-variables.ts';
import { publicKey } from './jwt-variables.ts';
import { toConfigError } from './problems.ts';

/** What can take a new value. */
export interface SecretFollower {
  /** @throws {ConfigError} When it cannot be used: then the one before stays in force. */
  readonly replaceKey: ((key: Secret) => void) | undefined;
  readonly onEvent: ConfigListener;
}

/**
 * Hears of new versions of all secrets that were read, and hands on those that a running gate can use.
 *
 * @returns What ends it.
 */
export function followSecrets(
  { secrets, settings }: Config,
  { replaceKey, onEvent }: SecretFollower,
): () => void {
  function follow(variable: string, { name, secret, version }: SecretChange): void {
    // Whoever asks with it reads it anew each time.
    if (variable === introspectionClientSecret.name) {
      onEvent({ type: 'secret_changed', variable, name, version });
    } else if (variable !== publicKey.name || replaceKey === undefined) {
      onEvent({ type: 'setting_changed', variable, name, version });
    } else {
      try {
        replaceKey(secret);
        onEvent({ type: 'secret_changed', variable, name, version });
      } catch (error) {
        const { problem } = toConfigError(error);
        onEvent({ type: 'secret_refused', variable, name, version, problem });
      }
    }
  }

  const ends = settings.map(({ name: variable, origin: { secret } }) =>
    secret === undefined
      ? undefined
      : secrets?.watch?.(secret, (change) => follow(variable, change)),
  );
  return () => {
    for (const end of ends) end?.();
  };
}
