import { type Checks, check, checkOptions } from '@sallyport/core';
import type { AudienceOptions, TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.clerk`. Where no resource URL is set at Clerk, `clientIds` it is. */
export type ClerkOptions = ProviderOptions &
  AudienceOptions & {
    /** The Frontend API's domain, such as `acme.clerk.accounts.dev` or `clerk.acme.com`. */
    readonly domain: string;
  };

const optionChecks: Checks<ClerkOptions> = {
  ...providerChecks,
  ...audienceChecks,
  audience: check.optional(audienceChecks.audience),
  domain: check.text,
};

/**
 * OAuth access tokens of Clerk in the form of JWTs, which the application's settings switch on.
 * Opaque ones (`oat_…`), and the JWTs of sessions, are refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function clerk(given: ClerkOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const issuer = `https://${readHost('domain', options.domain)}`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    algorithms: ['RS256'],
    // Sessions are signed with the same keys; only their type tells them apart.
    profile: 'rfc9068',
    scopeClaims: ['scope'],
  });
}
