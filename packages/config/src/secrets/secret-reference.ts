/** Values that name a secret instead of being one: `gcp-sm://notes-issuer@3`. */
import { ConfigError } from '@sallyport/core';
import { secretBackends } from './backends/all-backends.ts';

/** A value that names a secret. */
export interface SecretReference {
  /** In lower case. */
  readonly scheme: string;
  /** What follows `scheme://`. `undefined`: the value has another form. */
  readonly name: string | undefined;
}

const schemeForm = /^[a-z][a-z0-9+.-]{0,31}$/;
// Values of variables begin with these.
const schemesOfValues: ReadonlySet<string> = new Set(['http', 'https', 'redis', 'rediss']);

/**
 * Reads a value as a reference, whichever backend it is for: a reference that is taken for a value
 * would be compared with tokens.
 *
 * @param ownScheme The scheme of a provider that is not in the table.
 */
export function readReference(text: string, ownScheme?: string): SecretReference | undefined {
  const [, written = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text.trim()) ?? [];
  const scheme = written.toLowerCase();
  if (scheme !== ownScheme && secretBackends.every((backend) => backend.scheme !== scheme)) {
    return undefined;
  }
  const isExact = written === scheme && rest.startsWith('//') && rest.length > 2;
  return { scheme, name: isExact ? rest.slice(2) : undefined };
}

/** @throws {ConfigError} When a scheme could not be told from a value. */
export function assertScheme(option: string, scheme: string): void {
  if (!schemeForm.test(scheme) || schemesOfValues.has(scheme)) {
    throw new ConfigError(
      option,
      'must be a scheme such as op, in lower case, and none of http, https, redis and rediss',
    );
  }
}
