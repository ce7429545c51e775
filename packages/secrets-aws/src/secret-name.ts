import { ConfigError } from '@sallyport/core';

/** Which version of which secret. */
export interface SecretName {
  readonly secret: string;
  /** `latest`, or the id of a version. */
  readonly version: string;
}

const namePattern = /^([\w/+=.-]{1,512})(?:@(latest|[A-Za-z0-9-]{32,64}))?$/;

/**
 * Reads `name` or `name@version`.
 *
 * @throws {ConfigError} For a text that could lead to anything else.
 */
export function parseSecretName(name: string): SecretName {
  const [, secret, version = 'latest'] = namePattern.exec(name) ?? [];
  if (secret === undefined || !secret.split('/').every((part) => /[^.]/.test(part))) {
    throw new ConfigError(
      'aws.name',
      'must be letters, digits and _+=.-, with slashes between them, such as notes/jwt-issuer; @ and the id of a version may follow',
    );
  }
  return { secret, version };
}

/** The one spelling of a name: `jwt-issuer@latest` is `jwt-issuer`. */
export function canonicalName(name: string): string {
  const { secret, version } = parseSecretName(name);
  return version === 'latest' ? secret : `${secret}@${version}`;
}
