import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.logto`. */
export interface LogtoOptions extends ProviderOptions, RequiredAudience {
  /** The tenant's domain, or a custom one, such as `acme.logto.app`. */
  readonly domain: string;
}

const optionChecks: Checks<LogtoOptions> = {
  ...providerChecks,
  ...audienceChecks,
  domain: check.text,
};

/**
 * Access tokens of Logto (RFC 9068). The audience is the indicator of an API resource; a client that
 * names none gets an opaque token, which is refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function logto(given: LogtoOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const issuer = `https://${readHost('domain', options.domain)}/oidc`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    algorithms: ['ES384'],
    profile: 'rfc9068',
    scopeClaims: ['scope'],
  });
}
