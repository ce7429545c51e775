import type { Environment } from '@sallyport/core';
import type { Variable } from '../variables/variable.ts';
import type { Settings } from './settings.ts';

/** Judges what the schema of a URL of Redis cannot see: options, and a password in clear text. */
export function judgeRedisUrl(
  settings: Settings,
  variable: Variable<string | undefined>,
  environment: Environment,
): void {
  const text = settings.read(variable);
  if (text === undefined) return;
  const { protocol, password, search, hash } = new URL(text);
  if (search !== '' || hash !== '') {
    settings.refuse(
      variable,
      'must not have options after ? or #: they would override the timeouts for Redis',
    );
  }
  if (environment.isProduction && protocol === 'redis:' && password !== '') {
    settings.warn(
      variable,
      'sends its credentials without TLS: anyone on the network can read them. Set a rediss:// URL',
    );
  }
}
