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

/** Options for `providers.oryHydra`. */
export interface OryHydraOptions extends SelfHostedProviderOptions, RequiredAudience {
  /** `urls.self.issuer` of Hydra, exactly: with a slash at the end if it has one there. */
  readonly issuer: string;
}

const optionChecks: Checks<OryHydraOptions> = {
  ...selfHostedChecks,
  ...audienceChecks,
  issuer: check.text,
};

/**
 * Access tokens of Ory Hydra with the strategy `jwt`; by default they are opaque, and are refused.
 * The audience is one that the client was allowed to ask for: Hydra ignores `resource`.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function oryHydra(given: OryHydraOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { issuer, environment } = options;
  const base = readBaseUrl('issuer', `${issuer}`.replace(/\/$/, ''), environment);
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${base}/.well-known/jwks.json`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id'],
    // The strategy's `scope_claim` decides which of the two there is.
    scopeClaims: ['scp', 'scope'],
  });
}
