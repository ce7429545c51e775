import { type Checks, check } from '@sallyport/core';
import { readHost } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.workos`. */
interface WorkosOptions extends ProviderOptions, RequiredAudience {
  /** The AuthKit domain, such as `acme.authkit.app`. */
  readonly domain: string;
}

/**
 * Trusts access tokens of WorkOS AuthKit. The audience is a resource indicator of its configuration.
 * A client that names none gets tokens for itself.
 *
 * The tokens of machine-to-machine applications name the client in `sub` alone. Session tokens of
 * the WorkOS API have another issuer, and are refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const workos: Provider<WorkosOptions> = {
  name: 'workos',
  title: 'WorkOS',
  options: (): Checks<WorkosOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    domain: check.text,
  }),

  describe(options) {
    const issuer = `https://${readHost('domain', options.domain)}`;
    return {
      issuer,
      jwksUrl: `${issuer}/oauth2/jwks`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientSubjectPrefix: 'client_',
      // Tokens live up to 7 days. One more hour is for an `iat` that is set back.
      maximumLifetimeSeconds: 608_400,
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the domain, such as `acme.authkit.app`',
    example: 'acme.authkit.app',
    options: (domain) => ({ domain }),
  },
  audience: 'server',
  issuers: /^https:\/\/[a-z0-9-]+\.authkit\.app$/,
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9-]+\.authkit\.app\/$/,
      'must not end with a slash: the issuers of WorkOS have none. Remove the slash',
    ],
  ],
  sharedDomains: ['authkit.app'],
};
