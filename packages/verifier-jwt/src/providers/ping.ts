import { type Checks, check } from '@sallyport/core';
import { readGuid, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

const regions = ['com', 'ca', 'eu', 'com.au', 'sg', 'asia'] as const;

/** Options for `providers.ping`. */
interface PingOptions extends ProviderOptions, RequiredAudience {
  /** The GUID of the environment. */
  readonly environmentId: string;
  /** The top-level domain of the environment's region. */
  readonly region: (typeof regions)[number];
}

/**
 * Trusts access tokens of PingOne. The audience is the one of a custom resource.
 *
 * Client credentials tokens have no `sub`, and are refused. Custom domains and PingFederate have
 * other issuers.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const ping: Provider<PingOptions> = {
  name: 'ping',
  title: 'PingOne',
  options: (): Checks<PingOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    environmentId: check.text,
    region: check.text,
  }),

  describe(options) {
    const { region } = options;
    if (!regions.includes(region)) refuseOption('region', `must be among ${regions.join(', ')}`);
    const environmentId = readGuid('environmentId', options.environmentId);
    const issuer = `https://auth.pingone.${region}/${environmentId}/as`;
    return {
      issuer,
      jwksUrl: `${issuer}/jwks`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'region and environment, such as `auth.pingone.eu/` and its GUID',
    example: 'auth.pingone.eu/8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f',
    form: /^auth\.pingone\.([a-z.]+)\/([^/]+)$/,
    options: (region, environmentId) => ({
      region: region as PingOptions['region'],
      environmentId,
    }),
  },
  audience: 'server',
  issuers: /^https:\/\/auth\.pingone\.[a-z.]+\/[^/]+\/as$/,
  issuerMistakes: [
    [
      /^https:\/\/auth\.pingone\.[a-z.]+\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\/as$)/,
      'must end with /as: the issuers of PingOne do, without a slash at the end',
    ],
  ],
};
