import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readBaseUrl } from './identifiers.ts';
import {
  audienceChecks,
  type RequiredAudience,
  type SelfHostedProviderOptions,
  selfHostedChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.zitadel`. */
export interface ZitadelOptions extends SelfHostedProviderOptions, RequiredAudience {
  /** The instance, such as `https://acme.zitadel.cloud`. */
  readonly baseUrl: string;
}

const optionChecks: Checks<ZitadelOptions> = {
  ...selfHostedChecks,
  ...audienceChecks,
  baseUrl: check.text,
};

/**
 * Access tokens of Zitadel for clients whose token type is JWT; those of clients that registered
 * themselves are opaque, and are refused. The audience is a project's id.
 *
 * Zitadel puts no `scope` into them by itself: an action must add it.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function zitadel(given: ZitadelOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const issuer = readBaseUrl('baseUrl', options.baseUrl, options.environment);
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/oauth/v2/keys`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id'],
    scopeClaims: ['scope'],
  });
}
