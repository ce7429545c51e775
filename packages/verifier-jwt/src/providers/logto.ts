import { type AsymmetricAlgorithm, type Checks, check } from '@sallyport/core';
import { readHost } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

const signsWith: OneOrMore<AsymmetricAlgorithm> = ['ES384'];

/** Options for `providers.logto`. */
interface LogtoOptions extends ProviderOptions, RequiredAudience {
  /** The domain of the tenant, or a custom domain, such as `acme.logto.app`. */
  readonly domain: string;
}

/**
 * Trusts access tokens of Logto (RFC 9068). The audience is the indicator of an API resource. A
 * client that names none gets an opaque token, which is refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const logto: Provider<LogtoOptions> = {
  name: 'logto',
  title: 'Logto',
  options: (): Checks<LogtoOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    domain: check.text,
  }),

  describe(options) {
    const issuer = `https://${readHost('domain', options.domain)}/oidc`;
    return {
      issuer,
      jwksUrl: `${issuer}/jwks`,
      recipients: options,
      algorithms: signsWith,
      profile: 'rfc9068',
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the domain, such as `acme.logto.app`',
    example: 'acme.logto.app',
    options: (domain) => ({ domain }),
  },
  audience: 'server',
  signsWith,
  issuers: /^https:\/\/[a-z0-9-]+\.logto\.app\/oidc$/,
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9-]+\.logto\.app(?!\/oidc$)/,
      'must end with /oidc: the issuers of Logto do, without a slash at the end',
    ],
  ],
  sharedDomains: ['logto.app'],
};
