import { type Checks, check } from '@sallyport/core';
import { readBaseUrl } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type RequiredAudience,
  type SelfHostedProviderOptions,
  selfHostedChecks,
} from './provider-options.ts';

/** Options for `providers.zitadel`. */
interface ZitadelOptions extends SelfHostedProviderOptions, RequiredAudience {
  /** The address of the instance, such as `https://acme.zitadel.cloud`. */
  readonly baseUrl: string;
}

/**
 * Trusts access tokens of Zitadel for clients whose token type is JWT. Clients that registered
 * themselves get opaque tokens, which are refused. The audience is the id of a project.
 *
 * Zitadel adds no `scope` by default: an action must add it.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const zitadel: Provider<ZitadelOptions> = {
  name: 'zitadel',
  title: 'Zitadel',
  isSelfHosted: true,
  options: (): Checks<ZitadelOptions> => ({
    ...selfHostedChecks,
    ...audienceChecks,
    baseUrl: check.text,
  }),

  describe(options) {
    const issuer = readBaseUrl('baseUrl', options.baseUrl, options.environment);
    return {
      issuer,
      jwksUrl: `${issuer}/oauth/v2/keys`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the issuer, such as `https://acme.zitadel.cloud`',
    example: 'https://acme.zitadel.cloud',
    options: (baseUrl) => ({ baseUrl }),
  },
  audience: 'server',
  issuers: /^https:\/\/[a-z0-9-]+\.zitadel\.cloud$/,
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9-]+\.zitadel\.cloud\/$/,
      'must not end with a slash: the issuers of Zitadel have none. Remove the slash',
    ],
  ],
  sharedDomains: ['zitadel.cloud'],
};
