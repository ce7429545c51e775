import type { Secret, SecretChange } from '@sallyport/core';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { toConfigError } from '../report/problems.ts';
import { apiKeySecret } from '../variables/api-key-variables.ts';
import { assertionKey } from '../variables/assertion-variables.ts';
import { introspectionClientSecret } from '../variables/introspection-variables.ts';
import { publicKey } from '../variables/jwt-variables.ts';
import { sessionSecret } from '../variables/server-variables.ts';
import { signInClientSecret, signInKey } from '../variables/sign-in-variables.ts';

type Replace = (next: Secret) => void;

/** What can take a new value. */
export interface SecretFollower {
  /** @throws {ConfigError} When it cannot be used: then the one before stays in force. */
  readonly replaceKey: Replace | undefined;
  /** @throws {ConfigError} When it cannot be used: then the one before stays in force. */
  readonly replaceApiKeySecret?: Replace | undefined;
  /** @throws {ConfigError} When it cannot be used: then the one before stays in force. */
  readonly replaceSessionSecret: Replace;
  /** `undefined` where nothing signs assertions. */
  readonly replaceAssertionKey: Replace | undefined;
  /** `undefined` if no one signs in at this server. */
  readonly replaceSignInKey?: Replace | undefined;
  readonly onEvent: ConfigListener;
}

/**
 * Watches every secret that was read, and passes new versions to the running gate if it can use them.
 *
 * @returns A function that ends the watch.
 * @throws What `watch` of the backend throws. Then nothing is watched.
 */
export function followSecrets(
  { secrets, settings }: Config,
  {
    replaceKey,
    replaceApiKeySecret,
    replaceSessionSecret,
    replaceAssertionKey,
    replaceSignInKey,
    onEvent,
  }: SecretFollower,
): () => void {
  const replacements: ReadonlyMap<string, Replace | undefined> = new Map([
    [publicKey.name, replaceKey],
    [apiKeySecret.name, replaceApiKeySecret],
    [sessionSecret.name, replaceSessionSecret],
    [assertionKey.name, replaceAssertionKey],
    [signInKey.name, replaceSignInKey],
  ]);

  /** Returns false when the value before stays in use. */
  function follow(variable: string, { name, secret, version }: SecretChange): boolean {
    const replace = replacements.get(variable);
    // The introspection client reads it anew for each request.
    if ([introspectionClientSecret.name, signInClientSecret.name].includes(variable)) {
      onEvent({ type: 'secret_changed', variable, name, version });
      return true;
    }
    if (replace === undefined) {
      onEvent({ type: 'setting_changed', variable, name, version });
      return false;
    }
    try {
      replace(secret);
      onEvent({ type: 'secret_changed', variable, name, version });
      return true;
    } catch (error) {
      const { problem } = toConfigError(error);
      onEvent({ type: 'secret_refused', variable, name, version, problem });
      return false;
    }
  }

  const ends: (() => void)[] = [];
  const endAll = () => {
    for (const end of ends) end();
  };
  try {
    for (const { name: variable, origin } of settings) {
      if (origin.secret === undefined) continue;
      const end = secrets?.watch?.(origin.secret, (change) => follow(variable, change));
      if (end !== undefined) ends.push(end);
    }
  } catch (error) {
    endAll();
    throw error;
  }
  return endAll;
}
