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

/** Options for `providers.workos`. */
export interface WorkosOptions extends ProviderOptions, RequiredAudience {
  /** The AuthKit domain, such as `acme.authkit.app`. */
  readonly domain: string;
}

const optionChecks: Checks<WorkosOptions> = {
  ...providerChecks,
  ...audienceChecks,
  domain: check.text,
};

/**
 * Access tokens of WorkOS AuthKit. The audience is a resource indicator of its configuration; a
 * client that names none gets tokens for itself.
 *
 * Machine-to-machine applications are named in `sub` alone. Session tokens of the WorkOS API have another issuer, and are refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function workos(given: WorkosOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const issuer = `https://${readHost('domain', options.domain)}`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/oauth2/jwks`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientSubjectPrefix: 'client_',
    // Tokens live up to 7 days. An hour is left for an `iat` that is set back.
    maximumLifetimeSeconds: 608_400,
    scopeClaims: ['scope'],
  });
}
