import { type Checks, check } from '@sallyport/core';
import { readHost, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.auth0`. */
interface Auth0Options extends ProviderOptions, RequiredAudience {
  /** The domain of the tenant, or a custom domain, such as `acme.eu.auth0.com`. */
  readonly domain: string;
  /** Reads scopes from the claim `permissions` (RBAC) in place of `scope`. */
  readonly permissions?: true;
}

/**
 * Trusts access tokens of Auth0, in both token dialects. The audience is the identifier of the API.
 * The tenant's `/userinfo` may stand beside it.
 *
 * A client that names no API gets an opaque or encrypted token, which is refused. Switch on
 * "Resource Parameter Compatibility Profile", or set a default audience.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const auth0: Provider<Auth0Options> = {
  name: 'auth0',
  title: 'Auth0',
  options: (): Checks<Auth0Options> => ({
    ...providerChecks,
    ...audienceChecks,
    domain: check.text,
    permissions: check.optional(check.flag),
  }),

  describe(options) {
    const issuer = `https://${readHost('domain', options.domain)}/`;
    if ([options.audience].flat().includes(`${issuer}userinfo`)) {
      refuseOption('audience', 'must be an API: tokens for every API also have /userinfo');
    }
    return {
      issuer,
      jwksUrl: `${issuer}.well-known/jwks.json`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id', 'azp'],
      scopeClaims: options.permissions === true ? ['permissions'] : ['scope'],
    };
  },

  tenant: {
    allowed: 'the domain, such as `acme.eu.auth0.com`',
    example: 'acme.eu.auth0.com',
    options: (domain) => ({ domain }),
  },
  audience: 'server',
  issuers: /^https:\/\/[\w.-]+\.auth0\.com\/?$/,
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9.-]+\.auth0\.com$/,
      'must end with a slash: the issuers of Auth0 do. Add the slash',
    ],
  ],
  sharedDomains: ['auth0.com'],
};
