import { ConfigError } from '@sallyport/core';

/** Which version of which secret. */
export interface SecretName {
  readonly secret: string;
  /** `latest`, or a number. */
  readonly version: string;
}

const namePattern = /^([A-Za-z0-9_-]{1,255})(?:@(latest|[1-9][0-9]{0,18}))?$/;

/**
 * Reads `name` or `name@version`.
 *
 * @throws {ConfigError} When it could be anything else, such as a path to another project's secret.
 */
export function parseSecretName(name: string): SecretName {
  const [, secret, version = 'latest'] = namePattern.exec(name) ?? [];
  if (secret === undefined) {
    throw new ConfigError(
      'gcp.name',
      'a secret is named by letters, digits, - and _, at most 255 of them; a version may follow, as in jwt-issuer@3 or jwt-issuer@latest',
    );
  }
  return { secret, version };
}

/** The one spelling of a name: `jwt-issuer@latest` is `jwt-issuer`. */
export function canonicalName(name: string): string {
  const { secret, version } = parseSecretName(name);
  return version === 'latest' ? secret : `${secret}@${version}`;
}
