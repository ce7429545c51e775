import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.auth0`. */
export interface Auth0Options extends ProviderOptions, RequiredAudience {
  /** The tenant's domain, or a custom one, such as `acme.eu.auth0.com`. */
  readonly domain: string;
  /** Takes what a user may do (RBAC, claim `permissions`) for scopes, in place of `scope`. */
  readonly permissions?: true;
}

const optionChecks: Checks<Auth0Options> = {
  ...providerChecks,
  ...audienceChecks,
  domain: check.text,
  permissions: check.optional(check.flag),
};

/**
 * Access tokens of Auth0, in either of its dialects. The audience is the API's identifier; the
 * tenant's `/userinfo` may stand beside it.
 *
 * A client that asks for no API gets an opaque or encrypted token, which no key of a JWK set
 * verifies: switch on "Resource Parameter Compatibility Profile", or set a default audience.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function auth0(given: Auth0Options): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const issuer = `https://${readHost('domain', options.domain)}/`;
  if ([options.audience].flat().includes(`${issuer}userinfo`)) {
    refuseOption('audience', 'must be an API: tokens for every API have /userinfo as well');
  }
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}.well-known/jwks.json`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id', 'azp'],
    scopeClaims: options.permissions === true ? ['permissions'] : ['scope'],
  });
}
