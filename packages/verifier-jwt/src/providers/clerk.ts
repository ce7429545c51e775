import { type Checks, check } from '@sallyport/core';
import type { AudienceOptions } from '../issuer/trusted-issuer.ts';
import { readHost } from './identifiers.ts';
import type { Provider } from './provider.ts';
import { audienceChecks, type ProviderOptions, providerChecks } from './provider-options.ts';

/** Options for `providers.clerk`. Set `clientIds` if no resource URL is set at Clerk. */
type ClerkOptions = ProviderOptions &
  AudienceOptions & {
    /** The domain of the Frontend API, such as `acme.clerk.accounts.dev` or `clerk.acme.com`. */
    readonly domain: string;
  };

/**
 * Trusts OAuth access tokens of Clerk that are JWTs. You choose JWTs in the settings of the application at
 * Clerk. Opaque tokens (`oat_…`) and the JWTs of sessions are refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const clerk: Provider<ClerkOptions> = {
  name: 'clerk',
  title: 'Clerk',
  options: (): Checks<ClerkOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    audience: check.optional(audienceChecks.audience),
    domain: check.text,
  }),

  describe(options) {
    const issuer = `https://${readHost('domain', options.domain)}`;
    return {
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      recipients: options,
      algorithms: ['RS256'],
      // Sessions are signed with the same keys. Only their type differs.
      profile: 'rfc9068',
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the domain, such as `clerk.acme.com`',
    example: 'clerk.acme-corp.dev',
    options: (domain) => ({ domain }),
  },
  audience: 'server',
  issuers: /^https:\/\/[\w.-]+\.clerk\.accounts\.dev$/,
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9.-]+\.clerk\.accounts\.dev\/$/,
      'must not end with a slash: the issuers of Clerk have none. Remove the slash',
    ],
  ],
  sharedDomains: ['accounts.dev'],
  opaqueTokens: [[/^oat_/, 'an opaque token of Clerk: have it issue JWTs, or use introspection']],
};
