import { type Check, ConfigError, check } from '@sallyport/core';
import { frontDoors, knownProviders, type Provider } from '@sallyport/verifier-jwt/providers';

/** The run-time check of a row that somebody adds to the table of providers. */
export const providerCheck: Check = check.shape('a provider', {
  name: 'string',
  title: 'string',
  tenant: 'object',
  audience: 'string',
  options: 'function',
  describe: 'function',
});

/**
 * The providers of the table and others.
 *
 * @throws {ConfigError} When two have the same name.
 */
export function withKnownProviders(others: readonly Provider[] = []): readonly Provider[] {
  const providers = [...knownProviders, ...frontDoors, ...others];
  const names = new Set<string>();
  for (const { name } of providers) {
    if (names.has(name)) throw new ConfigError('config.providers', `must not name ${name} twice`);
    names.add(name);
  }
  return providers;
}
