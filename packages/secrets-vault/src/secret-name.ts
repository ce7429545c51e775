import { ConfigError } from '@sallyport/core';

/** Which field of which version of which secret. */
export interface SecretName {
  /** Below the mount, and without slashes around it. */
  readonly path: string;
  readonly field: string;
  /** `latest`, or a number. */
  readonly version: string;
}

const namePattern = /^([^#@]{1,512})(?:#([A-Za-z0-9_.-]{1,128}))?(?:@(latest|[1-9][0-9]{0,9}))?$/;
const segmentPattern = /^[A-Za-z0-9_.~:+=-]{1,255}$/;

/**
 * Reads `path`, `path#field`, `path@version` or `path#field@version`.
 *
 * @throws {ConfigError} When it could be anything else, such as a path to another mount.
 */
export function parseSecretName(name: string): SecretName {
  const [, path = '', field = 'value', version = 'latest'] = namePattern.exec(name) ?? [];
  if (!isPath(path)) {
    throw new ConfigError(
      'vault.name',
      'a secret is named by its path, of letters, digits and _.~:+=- between slashes; a field and a version may follow, as in team/app#password@3',
    );
  }
  return { path, field, version };
}

/** The one spelling of a name: without the default field and version. */
export function canonicalName(name: string): string {
  const { path, field, version } = parseSecretName(name);
  const fieldPart = field === 'value' ? '' : `#${field}`;
  return version === 'latest' ? `${path}${fieldPart}` : `${path}${fieldPart}@${version}`;
}

/** @throws {ConfigError} When it is no path of a mount, or of a namespace. */
export function assertPath(option: string, path: string): void {
  if (typeof path !== 'string' || !isPath(path)) {
    throw new ConfigError(
      option,
      'must be a path of letters, digits and _.~:+=-, without slashes around it',
    );
  }
}

function isPath(path: string): boolean {
  return path
    .split('/')
    .every((segment) => segmentPattern.test(segment) && segment !== '.' && segment !== '..');
}
